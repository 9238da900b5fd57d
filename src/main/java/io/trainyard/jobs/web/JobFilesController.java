package io.trainyard.jobs.web;

import io.trainyard.artifacts.JobDirectories;
import io.trainyard.jobs.Attempt;
import io.trainyard.jobs.Jobs;
import io.trainyard.shared.Page;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
  private final JobDirectories directories;

  JobFilesController(Jobs jobs, JobDirectories directories) {
    this.jobs = jobs;
    this.directories = directories;
  }

  @GetMapping("/attempts")
  Page<Attempt> attempts(@PathVariable String id) {
    return new Page<>(jobs.attempts(jobs.get(id).id()), false, null);
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
}
