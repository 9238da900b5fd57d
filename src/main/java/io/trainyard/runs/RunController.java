package io.trainyard.runs;

import io.trainyard.artifacts.ArtifactStore;
import io.trainyard.artifacts.StoreException;
import io.trainyard.jobs.AttemptId;
import io.trainyard.jobs.Job;
import io.trainyard.jobs.JobRuns;
import io.trainyard.runner.protocol.RunOrder;
import io.trainyard.runner.protocol.RunReply;
import io.trainyard.runner.protocol.RunReport;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;

/** The server's side of the runner protocol. A token is good for one attempt. */
@RestController
@RequestMapping("/internal/runs/{attempt}")
class RunController {
  private static final int PIECE = 1 << 17;

  private final JobRuns runs;
  private final Runners runners;
  private final RunOrders orders;
  private final ArtifactStore artifacts;

  RunController(JobRuns runs, Runners runners, RunOrders orders, ArtifactStore artifacts) {
    this.runs = runs;
    this.runners = runners;
    this.orders = orders;
    this.artifacts = artifacts;
  }

  @GetMapping
  RunOrder order(
      @PathVariable String attempt,
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String auth) {
    return orders.order(current(attempt, auth));
  }

  /** In large pieces: by Spring's own small ones a large file takes twice as long. */
  @GetMapping("/dataset")
  void dataset(
      @PathVariable String attempt,
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String auth,
      HttpServletResponse response)
      throws IOException {
    try (InputStream file = orders.dataset(current(attempt, auth))) {
      response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
      response.setBufferSize(PIECE);
      OutputStream out = response.getOutputStream();
      byte[] piece = new byte[PIECE];
      for (int n = file.read(piece); n >= 0; n = file.read(piece)) {
        out.write(piece, 0, n);
      }
    }
  }

  @PostMapping(path = "/events", consumes = MediaType.APPLICATION_JSON_VALUE)
  RunReply report(
      @PathVariable String attempt,
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String auth,
      @RequestBody byte[] body) {
    RunReport report;
    try {
      report = Json.MAPPER.readValue(body, RunReport.class);
    } catch (JacksonException e) {
      throw new Problem(Problem.Kind.MALFORMED, "not a report: " + e.getOriginalMessage());
    }
    AttemptId id = AttemptId.parse(attempt);
    runners.heard(id);
    RunReply.Command command = runs.report(id, token(auth), report);
    if (command == RunReply.Command.FENCED) {
      throw fenced(attempt);
    }
    boolean leave = command == RunReply.Command.CONTINUE && runners.stopping();
    return new RunReply(leave ? RunReply.Command.PAUSE : command);
  }

  @PutMapping(path = "/artifacts/{name}", consumes = MediaType.APPLICATION_OCTET_STREAM_VALUE)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void artifact(
      @PathVariable String attempt,
      @PathVariable String name,
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String auth,
      InputStream body)
      throws IOException {
    String job = current(attempt, auth).id();
    try {
      artifacts.put(job, name, new StillCurrent(body, () -> current(attempt, auth)));
    } catch (StoreException e) {
      throw new Problem(Problem.Kind.STORAGE, name + " cannot be stored: " + e.getMessage());
    }
  }

  /**
   * A file that takes a while: before the store takes it as whole, the attempt must still be the
   * job's present one.
   */
  private static final class StillCurrent extends FilterInputStream {
    private final Runnable check;

    StillCurrent(InputStream in, Runnable check) {
      super(in);
      this.check = check;
    }

    @Override
    public int read() throws IOException {
      return checked(super.read());
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return checked(super.read(into, offset, length));
    }

    private int checked(int read) {
      if (read < 0) {
        check.run();
      }
      return read;
    }
  }

  private Job current(String attempt, @Nullable String auth) {
    AttemptId id = AttemptId.parse(attempt);
    runners.heard(id);
    runs.authenticate(id, token(auth));
    return runs.current(id).orElseThrow(() -> fenced(attempt));
  }

  private static Problem fenced(String attempt) {
    return Problem.conflict("attempt " + attempt + " is no longer the job's present run");
  }

  private static @Nullable String token(@Nullable String auth) {
    return auth != null && auth.startsWith("Bearer ") ? auth.substring(7) : null;
  }
}
