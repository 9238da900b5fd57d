package io.trainyard.models.web;

import io.trainyard.models.Model;
import io.trainyard.models.ModelSummary;
import io.trainyard.models.Models;
import io.trainyard.shared.Json;
import io.trainyard.shared.Page;
import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import io.trainyard.shared.web.Idempotency;
import io.trainyard.shared.web.PageLimit;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping("/v1/models")
class ModelController {
  private final Models models;
  private final Idempotency idempotency;

  ModelController(Models models, Idempotency idempotency) {
    this.models = models;
    this.idempotency = idempotency;
  }

  /** A model as clients see it. */
  record ModelView(
      String id,
      String owner,
      String name,
      int version,
      JsonNode layers,
      @Nullable Shape inputShape,
      long parameters,
      long bytes,
      Instant createdAt) {

    static ModelView of(Model model) {
      return new ModelView(
          model.id(),
          model.owner(),
          model.name(),
          model.version(),
          model.document().get("layers"),
          model.definition().input(),
          model.parameters(),
          model.parameters() * Float.BYTES,
          model.createdAt());
    }
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<?> create(
      @RequestHeader(name = Idempotency.HEADER, required = false) @Nullable String key,
      @RequestBody(required = false) byte @Nullable [] body)
      throws IOException {
    byte[] bytes = Json.orEmpty(body);
    return idempotency.once(
        "POST /v1/models",
        key,
        bytes,
        () -> {
          Model model = models.create(Json.read(bytes));
          return ResponseEntity.created(URI.create("/v1/models/" + model.id()))
              .body(ModelView.of(model));
        });
  }

  @PostMapping(path = "/validate", consumes = MediaType.APPLICATION_JSON_VALUE)
  ModelSummary validate(@RequestBody(required = false) byte @Nullable [] body) {
    return models.validate(Json.read(Json.orEmpty(body)));
  }

  @GetMapping
  Page<ModelView> list(
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String after) {
    return models.list(PageLimit.parse(limit), after).map(ModelView::of);
  }

  @GetMapping("/{id}")
  ModelView get(@PathVariable String id) {
    return ModelView.of(models.find(id).orElseThrow(() -> Problem.notFound("model", id)));
  }
}
