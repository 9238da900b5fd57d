package io.trainyard.serving.web;

import io.trainyard.serving.Deployment;
import io.trainyard.serving.Deployments;
import io.trainyard.shared.Json;
import io.trainyard.shared.Page;
import io.trainyard.shared.web.PageLimit;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v1/deployments")
class DeploymentController {
  private final Deployments deployments;

  DeploymentController(Deployments deployments) {
    this.deployments = deployments;
  }

  /** A deployment; {@code loaded} is of the server that answers. */
  record DeploymentView(
      String name,
      String job,
      @Nullable Object checkpoint,
      int epoch,
      int revision,
      String state,
      @Nullable String error,
      boolean loaded,
      String url,
      Instant createdAt,
      Instant updatedAt) {

    static DeploymentView of(Deployments.Status status) {
      Deployment deployment = status.deployment();
      return new DeploymentView(
          deployment.name(),
          deployment.job(),
          deployment.choice().value(),
          deployment.epoch(),
          deployment.revision(),
          status.state().name().toLowerCase(Locale.ROOT),
          status.error(),
          status.loaded(),
          "/v2/models/" + deployment.name(),
          deployment.createdAt(),
          deployment.updatedAt());
    }
  }

  @PutMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<DeploymentView> put(
      @PathVariable String name, @RequestBody(required = false) byte @Nullable [] body)
      throws IOException {
    Deployments.Stored stored = deployments.put(name, Json.read(Json.orEmpty(body)));
    DeploymentView view = view(stored.deployment());
    return stored.created()
        ? ResponseEntity.created(URI.create("/v1/deployments/" + name)).body(view)
        : ResponseEntity.ok(view);
  }

  @GetMapping
  Page<DeploymentView> list(
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String after) {
    return deployments.list(PageLimit.parse(limit), after).map(this::view);
  }

  @GetMapping("/{name}")
  DeploymentView get(@PathVariable String name) {
    return view(deployments.get(name));
  }

  @DeleteMapping("/{name}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String name) {
    deployments.delete(name);
  }

  private DeploymentView view(Deployment deployment) {
    return DeploymentView.of(deployments.status(deployment));
  }
}
