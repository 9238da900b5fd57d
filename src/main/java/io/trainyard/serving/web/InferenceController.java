package io.trainyard.serving.web;

import io.trainyard.serving.Inference;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** The Open Inference Protocol (KServe V2) as it is written, also in what it says of errors. */
@RestController
@RequestMapping("/v2")
class InferenceController {
  private final Inference inference;
  private final ApplicationAvailability availability;

  InferenceController(Inference inference, ApplicationAvailability availability) {
    this.inference = inference;
    this.availability = availability;
  }

  /** The server's description; it has no extensions. */
  record ServerView(String name, String version, List<String> extensions) {}

  @GetMapping
  ServerView server() {
    String version = InferenceController.class.getPackage().getImplementationVersion();
    return new ServerView("trainyard", version == null ? "unknown" : version, List.of());
  }

  @GetMapping("/health/live")
  ResponseEntity<Void> live() {
    return ResponseEntity.ok().build();
  }

  @GetMapping("/health/ready")
  ResponseEntity<Void> ready() {
    return answer(availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC);
  }

  @GetMapping("/models/{name}")
  Inference.MetadataView metadata(@PathVariable String name) throws IOException {
    return inference.metadata(name);
  }

  @GetMapping("/models/{name}/ready")
  ResponseEntity<Void> modelReady(@PathVariable String name) {
    return answer(inference.ready(name));
  }

  @PostMapping(path = "/models/{name}/infer", consumes = MediaType.APPLICATION_JSON_VALUE)
  Inference.ResponseView infer(
      @PathVariable String name, @RequestBody(required = false) byte @Nullable [] body)
      throws IOException {
    return inference.infer(name, Json.read(Json.orEmpty(body)));
  }

  /** Yes is 200 and no is 400, both without a body. */
  private static ResponseEntity<Void> answer(boolean yes) {
    return yes ? ResponseEntity.ok().build() : ResponseEntity.badRequest().build();
  }

  @ExceptionHandler
  ResponseEntity<JsonNode> problem(Problem problem) {
    int status =
        switch (problem.kind()) {
          case INVALID -> Problem.Kind.MALFORMED.status();
          case CONFLICT -> Problem.Kind.UNAVAILABLE.status(); // its model cannot be had
          default -> problem.kind().status();
        };
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(status).contentType(MediaType.APPLICATION_JSON);
    if (status == Problem.Kind.QUEUE_FULL.status() || status == Problem.Kind.UNAVAILABLE.status()) {
      answer.header(HttpHeaders.RETRY_AFTER, "5");
    }
    return answer.body(Inference.error(problem.detail()));
  }
}
