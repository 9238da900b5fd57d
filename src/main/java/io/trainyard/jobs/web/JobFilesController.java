package io.trainyard.jobs.web;

import io.trainyard.artifacts.Artifact;
import io.trainyard.artifacts.ArtifactStore;
import io.trainyard.artifacts.JobDirectories;
import io.trainyard.jobs.Attempt;
import io.trainyard.jobs.CheckpointFiles;
import io.trainyard.jobs.Jobs;
import io.trainyard.shared.Page;
import io.trainyard.shared.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** What a job's runs were and left behind. */
@RestController
@RequestMapping("/v1/jobs/{id}")
class JobFilesController {
  private final Jobs jobs;
  private final ArtifactStore artifacts;
  private final JobDirectories directories;

  JobFilesController(Jobs jobs, ArtifactStore artifacts, JobDirectories directories) {
    this.jobs = jobs;
    this.artifacts = artifacts;
    this.directories = directories;
  }

  @GetMapping("/attempts")
  Page<Attempt> attempts(@PathVariable String id) {
    return whole(jobs.attempts(id));
  }

  @GetMapping("/artifacts")
  Page<Artifact> artifacts(@PathVariable String id) throws IOException {
    return whole(
        artifacts.list(jobs.get(id).id()).stream()
            .filter(artifact -> !CheckpointFiles.isName(artifact.name()))
            .toList());
  }

  @GetMapping("/artifacts/{name}")
  ResponseEntity<Resource> artifact(@PathVariable String id, @PathVariable String name)
      throws IOException {
    InputStream content =
        CheckpointFiles.isName(name) ? null : artifacts.open(jobs.get(id).id(), name).orElse(null);
    if (content == null) {
      throw Problem.notFound("artifact", name);
    }
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment().filename(name).build().toString())
        .body(new InputStreamResource(content));
  }

  /** What the runners printed, attempt after attempt. */
  @GetMapping(path = "/logs", produces = MediaType.TEXT_PLAIN_VALUE)
  ResponseEntity<StreamingResponseBody> logs(@PathVariable String id) throws IOException {
    List<Path> logs = directories.logs(jobs.get(id).id());
    return ResponseEntity.ok()
        .contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
        .body(
            out -> {
              for (Path log : logs) {
                Files.copy(log, out);
              }
            });
  }

  private static <T> Page<T> whole(List<T> all) {
    return new Page<>(all, false, null);
  }
}
