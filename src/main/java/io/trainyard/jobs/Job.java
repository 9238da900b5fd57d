package io.trainyard.jobs;

import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import io.trainyard.training.Epoch;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A job and the rules of its life. A transition changes the state and records the event that tells
 * of it; {@link JobRepository} stores both in one transaction.
 */
public final class Job {
  /** Lost runs after which a job is given up. */
  private static final int MAX_CRASHES = 3;

  private final String id;
  private final JobSpec spec;
  private JobState state;
  private RunHistory runs;
  private Progress progress;
  private Outcome outcome;
  private long lastSequence;
  private final List<JobEvent> pending = new ArrayList<>();

  Job(
      String id,
      JobSpec spec,
      JobState state,
      RunHistory runs,
      Progress progress,
      Outcome outcome,
      long lastSequence) {
    this.id = id;
    this.spec = spec;
    this.state = state;
    this.runs = runs;
    this.progress = progress;
    this.outcome = outcome;
    this.lastSequence = lastSequence;
  }

  /** A new job at the end of the queue. */
  static Job submitted(String id, JobSpec spec) {
    Instant now = spec.createdAt();
    Job job =
        new Job(id, spec, JobState.QUEUED, RunHistory.queued(now), Progress.NONE, Outcome.OPEN, 0);
    job.tellState(now);
    return job;
  }

  public String id() {
    return id;
  }

  public JobSpec spec() {
    return spec;
  }

  public JobState state() {
    return state;
  }

  public RunHistory runs() {
    return runs;
  }

  public Progress progress() {
    return progress;
  }

  public Outcome outcome() {
    return outcome;
  }

  /** When the job ends if its epochs keep their pace; null if that cannot be told. */
  public @Nullable Instant estimatedFinish() {
    return state == JobState.RUNNING ? progress.estimatedFinish(spec.epochs()) : null;
  }

  long lastSequence() {
    return lastSequence;
  }

  /** The events recorded since the last call. */
  List<JobEvent> takeEvents() {
    List<JobEvent> events = List.copyOf(pending);
    pending.clear();
    return events;
  }

  /** queued → starting, with the next attempt. */
  void claim(Instant now) {
    require(JobState.QUEUED);
    runs = runs.next(now);
    outcome = Outcome.OPEN;
    become(JobState.STARTING, now);
  }

  /** Applies what the present attempt reports. */
  void apply(RunEvent event, Instant now) {
    if (event instanceof RunEvent.Phase phase) {
      runs = runs.in(phase.phase());
      tellProgress(now);
    } else if (event instanceof RunEvent.Started started) {
      runs = runs.on(started.device());
      progress = progress.trainingSince(now);
      if (state == JobState.STARTING) {
        become(JobState.RUNNING, now);
      }
    } else if (event instanceof RunEvent.Progress within) {
      double done = (within.epoch() - 1 + within.fraction()) / spec.epochs();
      if (done > progress.fraction()) {
        progress = progress.within(done);
        tellProgress(now);
      }
    } else if (event instanceof RunEvent.EpochDone done) {
      finishEpoch(done.row(), done.at().truncatedTo(ChronoUnit.MICROS));
    } else if (event instanceof RunEvent.Warning warning) {
      warn(warning.detail(), now);
    } else if (event instanceof RunEvent.Ended ended) {
      end(ended, now);
    }
  }

  /**
   * Asks for the job's end.
   *
   * @return whether anything changed
   * @throws Problem of kind CONFLICT if it ended otherwise
   */
  boolean cancel(Instant now) {
    if (state == JobState.CANCELLED || state == JobState.CANCELLING) {
      return false;
    }
    if (state.terminal()) {
      throw Problem.conflict("the job is " + state.word() + " and cannot be cancelled");
    }
    outcome = new Outcome(Reason.USER, null, null);
    if (state.held()) {
      become(JobState.CANCELLING, now);
    } else {
      finish(JobState.CANCELLED, outcome, now);
    }
    return true;
  }

  /** The present attempt's runner is gone without having reported an end. */
  void lose(Reason reason, String detail, Instant now) {
    if (!state.held()) {
      return;
    }
    if (state == JobState.CANCELLING) {
      finish(JobState.CANCELLED, outcome, now);
      return;
    }
    boolean again =
        reason.retried() && runs.crashes() < MAX_CRASHES && runs.crashEpoch() != progress.epoch();
    runs = runs.crashed(progress.epoch());
    if (again) {
      warn(detail + "; the job will be started again", now);
      outcome = new Outcome(reason, null, null);
      requeue(now);
    } else {
      finish(JobState.FAILED, new Outcome(reason, detail, null), now);
    }
  }

  /** The server gives the job back to the queue; this does not count as a lost run. */
  void handBack(Instant now) {
    if (state == JobState.CANCELLING) {
      finish(JobState.CANCELLED, outcome, now);
    } else if (state.held()) {
      requeue(now);
    }
  }

  private void requeue(Instant now) {
    runs = runs.requeued(now);
    become(JobState.QUEUED, now);
  }

  private void finishEpoch(Epoch row, Instant now) {
    // A run that starts over gives the same epochs again; they are recorded already.
    if (row.epoch() > progress.epoch()) {
      progress = progress.after(row, spec.epochs(), now);
      record(JobEvent.Type.EPOCH, row.epoch(), Json.tree(row), now);
    }
  }

  private void end(RunEvent.Ended ended, Instant now) {
    if (ended.bestEpoch() != null && ended.bestEpoch() > 0) {
      progress = progress.best(ended.bestEpoch());
    }
    if (state == JobState.CANCELLING) {
      finish(JobState.CANCELLED, outcome, now);
      return;
    }
    Reason reason = ended.reason() == null ? null : Reason.of(ended.reason());
    switch (ended.outcome()) {
      case "succeeded" -> {
        progress = progress.within(1);
        finish(JobState.SUCCEEDED, new Outcome(reason, null, null), now);
      }
      case "failed" -> finish(JobState.FAILED, new Outcome(reason, ended.error(), null), now);
      default ->
          throw new Problem(Problem.Kind.MALFORMED, "unknown outcome '" + ended.outcome() + "'");
    }
  }

  private void finish(JobState end, Outcome how, Instant now) {
    runs = runs.in(null);
    outcome = new Outcome(how.reason(), how.error(), now);
    become(end, now);
  }

  private void require(JobState expected) {
    if (state != expected) {
      throw Problem.conflict("the job is " + state.word() + ", not " + expected.word());
    }
  }

  private void become(JobState next, Instant now) {
    state = next;
    tellState(now);
  }

  private void tellState(Instant now) {
    ObjectNode data = Json.object().put("state", state.word()).put("attempt", runs.attempt());
    if (outcome.reason() != null) {
      data.put("reason", outcome.reason().word());
    }
    if (outcome.error() != null) {
      data.putObject("error").put("detail", outcome.error());
    }
    record(JobEvent.Type.STATE, null, data, now);
  }

  private void tellProgress(Instant now) {
    ObjectNode data = Json.object().put("phase", runs.phase());
    data.put("epoch", progress.epoch()).put("progress", progress.fraction());
    record(JobEvent.Type.PROGRESS, null, data, now);
  }

  private void warn(String detail, Instant now) {
    record(JobEvent.Type.WARNING, null, Json.object().put("detail", detail), now);
  }

  private void record(JobEvent.Type type, @Nullable Integer epoch, JsonNode data, Instant now) {
    pending.add(new JobEvent(++lastSequence, type, epoch, now, data));
  }
}
