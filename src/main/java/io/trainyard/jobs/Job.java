package io.trainyard.jobs;

import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.shared.Problem;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

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
  private final JobLog log;

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
    this.log = new JobLog(lastSequence);
  }

  /** A new job at the end of the queue; a fork goes on counting from its checkpoint's epoch. */
  static Job submitted(String id, JobSpec spec) {
    Instant now = spec.createdAt();
    RunHistory runs = RunHistory.queued(now);
    Job job = new Job(id, spec, JobState.QUEUED, runs, Progress.of(spec), Outcome.OPEN, 0);
    job.become(JobState.QUEUED, now);
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
    return log.last();
  }

  /** What was recorded since the last call. */
  JobLog.Recorded takeRecorded() {
    return log.take();
  }

  /** queued → starting, with the next attempt. */
  void claim(Instant now) {
    if (state != JobState.QUEUED) {
      throw Problem.conflict("the job is " + state.word() + ", not queued");
    }
    runs = runs.next(now);
    outcome = Outcome.OPEN;
    become(JobState.STARTING, now);
  }

  /** Applies what the present attempt reports. */
  void apply(RunEvent event, Instant now) {
    if (event instanceof RunEvent.Phase phase) {
      runs = runs.in(phase.phase());
      log.progress(runs.phase(), progress, now);
    } else if (event instanceof RunEvent.Resumed resumed) {
      log.resumed(runs.phase(), progress, resumed.epoch(), now);
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
        log.progress(runs.phase(), progress, now);
      }
    } else if (event instanceof RunEvent.EpochDone done) {
      if (progress.awaits(done.row().epoch())) {
        Instant at = done.at().truncatedTo(ChronoUnit.MICROS);
        progress = progress.after(done.row(), spec.epochs(), at);
        log.epoch(done.row(), at);
      }
    } else if (event instanceof RunEvent.Warning warning) {
      warn(warning.detail(), now);
    } else if (event instanceof RunEvent.Ended ended) {
      end(ended, now);
    }
  }

  /** A run has stored a checkpoint. */
  void checkpointed(Checkpoint checkpoint, Instant now) {
    if (JobCommands.answers(checkpoint, runs.checkpointAsked())) {
      runs = runs.asked(null);
    }
    log.checkpoint(checkpoint, now);
  }

  /**
   * Asks for a checkpoint.
   *
   * @return false if one is due already
   * @throws Problem of kind CONFLICT if the job does not run
   */
  boolean askForCheckpoint() {
    if (!JobCommands.checkpoints(state, runs.checkpointAsked())) {
      return false;
    }
    runs = runs.asked(progress.epoch());
    return true;
  }

  /**
   * Asks for a rest.
   *
   * @return whether anything changed
   * @throws Problem of kind CONFLICT if the job has ended or is about to
   */
  boolean pause(Instant now) {
    if (!JobCommands.pauses(state)) {
      return false;
    }
    if (state.held()) {
      outcome = new Outcome(Reason.USER, null, null);
      become(JobState.PAUSING, now);
    } else {
      rest(now);
    }
    return true;
  }

  /**
   * Puts a job that rests, failed or was cancelled back into the queue, to go on from its last
   * checkpoint in a new attempt.
   *
   * @return false if it waits or runs anyway
   * @throws Problem of kind CONFLICT if it cannot go on, or not yet
   */
  boolean resume(Instant now) {
    if (!JobCommands.resumes(state, outcome.reason())) {
      return false;
    }
    if (state.terminal()) {
      runs = runs.forgiven();
    }
    outcome = Outcome.OPEN;
    requeue(now);
    return true;
  }

  /**
   * Asks for the job's end.
   *
   * @return whether anything changed
   * @throws Problem of kind CONFLICT if it ended otherwise
   */
  boolean cancel(Instant now) {
    if (!JobCommands.cancels(state)) {
      return false;
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
    if (state == JobState.CANCELLING || state == JobState.PAUSING) {
      handBack(now); // it was to stop anyway
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

  /** The job's server did not renew its lease. That is no fault of the job and not counted. */
  void expire(String detail, Instant now) {
    if (state.held() && state != JobState.CANCELLING) {
      warn(detail + "; the job will be started again", now);
      outcome = new Outcome(Reason.LEASE_EXPIRED, null, null);
    }
    handBack(now);
  }

  /** The server gives the job back to the queue; this does not count as a lost run. */
  void handBack(Instant now) {
    if (state == JobState.CANCELLING) {
      finish(JobState.CANCELLED, outcome, now);
    } else if (state == JobState.PAUSING) {
      rest(now);
    } else if (state.held()) {
      requeue(now);
    }
  }

  private void requeue(Instant now) {
    runs = runs.requeued(now);
    become(JobState.QUEUED, now);
  }

  private void rest(Instant now) {
    runs = runs.over();
    outcome = new Outcome(Reason.USER, null, null);
    become(JobState.PAUSED, now);
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
      case "paused" -> handBack(now); // its server stops
      default ->
          throw new Problem(Problem.Kind.MALFORMED, "unknown outcome '" + ended.outcome() + "'");
    }
  }

  private void finish(JobState end, Outcome how, Instant now) {
    runs = runs.over();
    outcome = new Outcome(how.reason(), how.error(), now);
    become(end, now);
  }

  private void become(JobState next, Instant now) {
    state = next;
    log.state(next, runs.attempt(), outcome, now);
  }

  void warn(String detail, Instant now) {
    log.warning(detail, now);
  }
}
