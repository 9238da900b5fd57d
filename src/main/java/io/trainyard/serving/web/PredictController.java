package io.trainyard.serving.web;

import io.trainyard.serving.Predicted;
import io.trainyard.serving.Predictions;
import io.trainyard.shared.Json;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
class PredictController {
  private final Predictions predictions;

  PredictController(Predictions predictions) {
    this.predictions = predictions;
  }

  /** One element for each instance; {@code epoch} is the one after which the model was taken. */
  record PredictionsView(
      JsonNode predictions,
      @Nullable JsonNode probabilities,
      @Nullable List<Object> classes,
      int epoch) {

    static PredictionsView of(Predicted predicted) {
      return new PredictionsView(
          predicted.predictions(),
          predicted.probabilityRows(),
          predicted.classes(),
          predicted.model().epoch());
    }
  }

  @PostMapping(path = "/v1/jobs/{id}/predict", consumes = MediaType.APPLICATION_JSON_VALUE)
  PredictionsView predict(
      @PathVariable String id, @RequestBody(required = false) byte @Nullable [] body)
      throws IOException {
    return PredictionsView.of(predictions.predict(id, Json.read(Json.orEmpty(body))));
  }
}
