package io.trainyard.runs;

import io.trainyard.artifacts.ArtifactStore;
import io.trainyard.jobs.AttemptId;
import io.trainyard.jobs.JobRuns;
import io.trainyard.runner.protocol.RunOrder;
import io.trainyard.runner.protocol.RunReply;
import io.trainyard.runner.protocol.RunReport;
import io.trainyard.shared.Json;
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
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.ObjectReader;

/** The server's side of the runner protocol. A token is good for one attempt. */
@RestController
@RequestMapping("/internal/runs/{attempt}")
class RunController {
  /** The service's own programs name no member twice, and looking for that takes its time. */
  private static final ObjectReader REPORTS =
      Json.MAPPER.readerFor(RunReport.class).without(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

  private final JobRuns runs;
  private final RunAccess access;
  private final Runners runners;
  private final RunOrders orders;
  private final ArtifactStore artifacts;

  RunController(
      JobRuns runs, RunAccess access, Runners runners, RunOrders orders, ArtifactStore artifacts) {
    this.runs = runs;
    this.access = access;
    this.runners = runners;
    this.orders = orders;
    this.artifacts = artifacts;
  }

  @GetMapping
  RunOrder order(
      @PathVariable String attempt,
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable RunToken auth) {
    return orders.order(access.current(attempt, auth));
  }

  @GetMapping("/dataset")
  void dataset(
      @PathVariable String attempt,
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable RunToken auth,
      HttpServletResponse response)
      throws IOException {
    try (InputStream file = orders.dataset(access.current(attempt, auth))) {
      LargeBody.send(file, response);
    }
  }

  @PostMapping(path = "/events", consumes = MediaType.APPLICATION_JSON_VALUE)
  RunReply report(
      @PathVariable String attempt,
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable RunToken auth,
      @RequestBody byte[] body) {
    RunReport report;
    try {
      report = REPORTS.readValue(body);
    } catch (JacksonException e) {
      throw new Problem(Problem.Kind.MALFORMED, "not a report: " + e.getOriginalMessage());
    }
    AttemptId id = AttemptId.parse(attempt);
    runners.heard(id);
    RunReply.Command command = runs.report(id, RunAccess.token(auth), report);
    if (command == RunReply.Command.FENCED) {
      throw RunAccess.fenced(attempt);
    }
    boolean leave = command == RunReply.Command.CONTINUE && runners.stopping();
    return new RunReply(leave ? RunReply.Command.PAUSE : command);
  }

  @PutMapping(path = "/artifacts/{name}", consumes = MediaType.APPLICATION_OCTET_STREAM_VALUE)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void artifact(
      @PathVariable String attempt,
      @PathVariable String name,
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable RunToken auth,
      InputStream body)
      throws IOException {
    String job = access.current(attempt, auth).id();
    access.store(attempt, auth, name, body, content -> artifacts.put(job, name, content));
  }
}
