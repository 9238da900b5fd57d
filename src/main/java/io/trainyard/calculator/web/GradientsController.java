package io.trainyard.calculator.web;

import io.trainyard.calculator.Gradients;
import io.trainyard.shared.Json;
import io.trainyard.training.Calculations.Answer;
import io.trainyard.training.TensorData;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class GradientsController {
  private final Gradients gradients;

  GradientsController(Gradients gradients) {
    this.gradients = gradients;
  }

  /** Torch's x.data and x.grad after loss.backward(). */
  record GradientsView(
      NestedTensor value,
      List<Long> shape,
      String dtype,
      Map<String, @Nullable NestedTensor> gradients) {

    static GradientsView of(Answer answer) {
      Map<String, @Nullable NestedTensor> gradients = new LinkedHashMap<>();
      answer.gradients().forEach((name, data) -> gradients.put(name, nested(data)));
      TensorData value = answer.value();
      return new GradientsView(
          new NestedTensor(value), value.sizes(), value.dtype().toString(), gradients);
    }

    private static @Nullable NestedTensor nested(@Nullable TensorData data) {
      return data == null ? null : new NestedTensor(data);
    }
  }

  @PostMapping(path = "/v1/gradients", consumes = MediaType.APPLICATION_JSON_VALUE)
  GradientsView gradients(@RequestBody(required = false) byte @Nullable [] body) {
    return GradientsView.of(gradients.calculate(Json.read(Json.orEmpty(body))));
  }
}
