package io.trainyard.jobs.web;

import io.trainyard.jobs.Forks;
import io.trainyard.jobs.Job;
import io.trainyard.jobs.Jobs;
import io.trainyard.shared.Json;
import io.trainyard.shared.web.Idempotency;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** New jobs from one that is there. */
@RestController
@RequestMapping("/v1/jobs/{id}")
class ForkController {
  private final Jobs jobs;
  private final Forks forks;
  private final Idempotency idempotency;

  ForkController(Jobs jobs, Forks forks, Idempotency idempotency) {
    this.jobs = jobs;
    this.forks = forks;
    this.idempotency = idempotency;
  }

  @PostMapping(path = "/fork", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<?> fork(
      @PathVariable String id,
      @RequestHeader(name = Idempotency.HEADER, required = false) @Nullable String key,
      @RequestBody(required = false) byte @Nullable [] body)
      throws IOException {
    byte[] bytes = Json.orEmpty(body);
    jobs.get(id);
    String reserved = forks.reserve();
    return idempotency.once(
        "POST /v1/jobs/fork",
        key,
        distinct(id, bytes),
        () ->
            accepted(
                forks.fork(reserved, id, bytes.length == 0 ? Json.object() : Json.read(bytes))));
  }

  @PostMapping("/rerun")
  ResponseEntity<?> rerun(
      @PathVariable String id,
      @RequestHeader(name = Idempotency.HEADER, required = false) @Nullable String key)
      throws IOException {
    return idempotency.once(
        "POST /v1/jobs/rerun", key, distinct(id, new byte[0]), () -> accepted(forks.rerun(id)));
  }

  private ResponseEntity<JobView> accepted(Job job) {
    return ResponseEntity.accepted()
        .location(URI.create("/v1/jobs/" + job.id()))
        .body(JobView.of(job, jobs.queuePosition(job)));
  }

  /** A key stands for a request about one job: about another it is a different request. */
  private static byte[] distinct(String id, byte[] body) {
    byte[] prefix = (id + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] both = new byte[prefix.length + body.length];
    System.arraycopy(prefix, 0, both, 0, prefix.length);
    System.arraycopy(body, 0, both, prefix.length, body.length);
    return both;
  }
}
