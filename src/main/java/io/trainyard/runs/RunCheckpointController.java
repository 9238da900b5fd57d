package io.trainyard.runs;

import io.trainyard.jobs.AttemptId;
import io.trainyard.jobs.Checkpoint;
import io.trainyard.jobs.CheckpointFiles;
import io.trainyard.jobs.CheckpointPart;
import io.trainyard.jobs.Checkpoints;
import io.trainyard.shared.Problem;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The files of a run's checkpoints, to it and from it. */
@RestController
@RequestMapping("/internal/runs/{attempt}/checkpoints/{epoch}/{file}")
class RunCheckpointController {
  private final RunAccess access;
  private final Checkpoints checkpoints;
  private final CheckpointFiles files;

  RunCheckpointController(RunAccess access, Checkpoints checkpoints, CheckpointFiles files) {
    this.access = access;
    this.checkpoints = checkpoints;
    this.files = files;
  }

  @GetMapping
  void get(
      @PathVariable String attempt,
      @PathVariable String epoch,
      @PathVariable String file,
      @RequestParam(required = false) @Nullable String row,
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable RunToken auth,
      HttpServletResponse response)
      throws IOException {
    String job = access.current(attempt, auth).id();
    Integer from = row == null ? null : number(row);
    CheckpointPart part = CheckpointPart.of(file);
    Checkpoint checkpoint = checkpoints.get(job, number(epoch), from);
    try (InputStream content = checkpoints.open(job, checkpoint, part)) {
      LargeBody.send(content, response);
    }
  }

  /** Becomes a checkpoint when the run reports that both files are there. */
  @PutMapping(consumes = MediaType.APPLICATION_OCTET_STREAM_VALUE)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void put(
      @PathVariable String attempt,
      @PathVariable String epoch,
      @PathVariable String file,
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable RunToken auth,
      InputStream body)
      throws IOException {
    access.current(attempt, auth);
    AttemptId id = AttemptId.parse(attempt);
    CheckpointPart part = CheckpointPart.of(file);
    int finished = number(epoch);
    access.store(attempt, auth, file, body, content -> files.put(id, finished, part, content));
  }

  private static int number(String epoch) {
    if (!epoch.matches("\\d{1,9}")) {
      throw Problem.notFound("checkpoint", epoch);
    }
    return Integer.parseInt(epoch);
  }
}
