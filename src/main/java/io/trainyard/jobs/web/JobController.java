package io.trainyard.jobs.web;

import io.trainyard.jobs.Job;
import io.trainyard.jobs.JobFilter;
import io.trainyard.jobs.JobState;
import io.trainyard.jobs.Jobs;
import io.trainyard.shared.Json;
import io.trainyard.shared.Page;
import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import io.trainyard.shared.web.Idempotency;
import io.trainyard.shared.web.PageLimit;
import io.trainyard.training.JobDocument;
import io.trainyard.training.MemoryEstimate;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v1/jobs")
class JobController {
  private static final String TAG = "tag.";

  private final Jobs jobs;
  private final Idempotency idempotency;

  JobController(Jobs jobs, Idempotency idempotency) {
    this.jobs = jobs;
    this.idempotency = idempotency;
  }

  /** What a job would do. */
  record Estimate(
      boolean valid,
      Shape inputShape,
      @Nullable Shape outputShape,
      long parameters,
      long bytes,
      long rows,
      long stepsPerEpoch,
      long steps,
      Memory memory) {

    /** About the most that the runner will need, in bytes, and what it may need. */
    record Memory(
        long parameters,
        long gradients,
        long optimizer,
        long copies,
        long activations,
        long dataset,
        long process,
        long total,
        @Nullable Long limit) {

      static Memory of(MemoryEstimate estimate, @Nullable Long limit) {
        return new Memory(
            estimate.parameters(),
            estimate.gradients(),
            estimate.optimizer(),
            estimate.copies(),
            estimate.activations(),
            estimate.dataset(),
            estimate.process(),
            estimate.total(),
            limit);
      }
    }

    static Estimate of(JobDocument document, @Nullable Long memoryLimit) {
      long steps = document.stepsPerEpoch();
      return new Estimate(
          true,
          document.shape().input(),
          document.summary().outputShape(),
          document.summary().parameters(),
          document.summary().bytes(),
          document.shape().rows(),
          steps,
          steps * document.options().epochs(),
          Memory.of(document.memory(), memoryLimit));
    }
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<?> submit(
      @RequestHeader(name = Idempotency.HEADER, required = false) @Nullable String key,
      @RequestParam(name = "dry_run", defaultValue = "false") boolean dryRun,
      @RequestBody(required = false) byte @Nullable [] body)
      throws IOException {
    byte[] bytes = Json.orEmpty(body);
    if (dryRun) {
      JobDocument read = jobs.check(Json.read(bytes));
      return ResponseEntity.ok(Estimate.of(read, jobs.memoryLimit(read)));
    }
    return idempotency.once(
        "POST /v1/jobs",
        key,
        bytes,
        () -> {
          Job job = jobs.submit(Json.read(bytes));
          return ResponseEntity.accepted()
              .location(URI.create("/v1/jobs/" + job.id()))
              .body(view(job));
        });
  }

  @GetMapping
  Page<JobView> list(
      @RequestParam(required = false) @Nullable String state,
      @RequestParam(required = false) @Nullable String name,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String after,
      @RequestParam Map<String, String> parameters) {
    Map<String, String> tags = new HashMap<>();
    parameters.forEach(
        (parameter, value) -> {
          if (parameter.startsWith(TAG)) {
            tags.put(parameter.substring(TAG.length()), value);
          }
        });
    JobFilter filter = new JobFilter(state == null ? null : state(state), tags, after);
    return jobs.list(filter, name, PageLimit.parse(limit)).map(this::view);
  }

  @GetMapping("/{id}")
  JobView get(@PathVariable String id) {
    return view(jobs.get(id));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String id) {
    jobs.delete(id);
  }

  private JobView view(Job job) {
    return JobView.of(job, jobs.queuePosition(job));
  }

  private static JobState state(String word) {
    List<JobState> states = Arrays.asList(JobState.values());
    return states.stream()
        .filter(s -> s.word().equals(word.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new Problem(
                    Problem.Kind.MALFORMED,
                    "state: expected one of "
                        + states.stream().map(JobState::word).collect(Collectors.joining(", "))));
  }
}
