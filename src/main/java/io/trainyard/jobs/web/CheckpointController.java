package io.trainyard.jobs.web;

import io.trainyard.jobs.Checkpoint;
import io.trainyard.jobs.CheckpointPart;
import io.trainyard.jobs.Checkpoints;
import io.trainyard.jobs.Jobs;
import io.trainyard.shared.Page;
import io.trainyard.shared.Problem;
import io.trainyard.shared.web.PageLimit;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The stored states of a job. */
@RestController
@RequestMapping("/v1/jobs/{id}/checkpoints")
class CheckpointController {
  private final Jobs jobs;
  private final Checkpoints checkpoints;

  CheckpointController(Jobs jobs, Checkpoints checkpoints) {
    this.jobs = jobs;
    this.checkpoints = checkpoints;
  }

  /** A checkpoint as clients see it. */
  record View(
      int epoch,
      int row,
      int attempt,
      String cause,
      long bytes,
      String sha256,
      boolean best,
      Instant createdAt) {

    static View of(Checkpoint checkpoint) {
      return new View(
          checkpoint.epoch(),
          checkpoint.row(),
          checkpoint.attempt(),
          checkpoint.cause(),
          checkpoint.bytes(),
          checkpoint.sha256(),
          checkpoint.best(),
          checkpoint.createdAt());
    }
  }

  @GetMapping
  Page<View> list(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String after) {
    return checkpoints.list(jobs.get(id).id(), after, PageLimit.parse(limit)).map(View::of);
  }

  @GetMapping("/{epoch}")
  ResponseEntity<Resource> manifest(
      @PathVariable String id,
      @PathVariable String epoch,
      @RequestParam(required = false) @Nullable String row)
      throws IOException {
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(open(id, epoch, row, CheckpointPart.MANIFEST));
  }

  @GetMapping("/{epoch}/state.safetensors")
  ResponseEntity<Resource> state(
      @PathVariable String id,
      @PathVariable String epoch,
      @RequestParam(required = false) @Nullable String row)
      throws IOException {
    String name = id + "-" + epoch + ".safetensors";
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment().filename(name).build().toString())
        .body(open(id, epoch, row, CheckpointPart.STATE));
  }

  private Resource open(String id, String epoch, @Nullable String row, CheckpointPart part)
      throws IOException {
    Integer from = row == null ? null : number(row);
    String job = jobs.get(id).id();
    return new InputStreamResource(
        checkpoints.open(job, checkpoints.get(job, number(epoch), from), part));
  }

  private static int number(String text) {
    if (!text.matches("\\d{1,9}")) {
      throw Problem.notFound("checkpoint", text);
    }
    return Integer.parseInt(text);
  }
}
