package io.trainyard.runner;

import io.trainyard.runner.CheckpointUploads.Cause;
import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.runner.protocol.RunReply;
import io.trainyard.training.Checkpoint;
import io.trainyard.training.Epoch;
import io.trainyard.training.TrainingObserver;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Passes on what the engine tells and what the server wants. */
final class AttemptObserver implements TrainingObserver {
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Reporter reporter;
  private final CheckpointUploads uploads;
  private final StopSignal stop;
  private final long deadline;
  private long told = System.nanoTime();

  /** Whether there is a checkpoint for the request that the server still repeats. */
  private boolean answered;

  AttemptObserver(
      Reporter reporter,
      CheckpointUploads uploads,
      StopSignal stop,
      @Nullable Double secondsLeft,
      long begun) {
    this.reporter = reporter;
    this.uploads = uploads;
    this.stop = stop;
    this.deadline =
        secondsLeft == null ? Long.MAX_VALUE : begun + (long) (secondsLeft * 1_000_000_000.0);
  }

  /** Whether the job's time is over. */
  boolean late() {
    return deadline != Long.MAX_VALUE && System.nanoTime() - deadline >= 0;
  }

  @Override
  public void started(String device) {
    reporter.report(new RunEvent.Started(device));
  }

  @Override
  public void progress(int epoch, double fraction) {
    long now = System.nanoTime();
    if (now - told >= PROGRESS_NANOS) {
      told = now;
      reporter.report(new RunEvent.Progress(epoch, fraction));
    }
  }

  @Override
  public void epoch(Epoch epoch) {
    told = System.nanoTime();
    reporter.report(new RunEvent.EpochDone(epoch, Instant.now()));
  }

  @Override
  public void checkpoint(Checkpoint checkpoint) {
    Cause cause = cause(checkpoint.cause());
    answered = answered || cause.compareTo(Cause.REQUEST) >= 0;
    uploads.offer(checkpoint, cause);
  }

  /** One that was due anyway also answers a request. */
  private Cause cause(Checkpoint.Cause cause) {
    return switch (cause) {
      case PAUSE -> stop.raised() ? Cause.STOP : Cause.PAUSE;
      case REQUEST -> Cause.REQUEST;
      case EPOCH, TIME -> {
        if (reporter.command() == RunReply.Command.CHECKPOINT) {
          yield Cause.REQUEST;
        }
        yield cause == Checkpoint.Cause.EPOCH ? Cause.EPOCH : Cause.TIME;
      }
    };
  }

  @Override
  public Command command() {
    RunReply.Command said = reporter.command();
    if (late() || said == RunReply.Command.CANCEL) {
      return Command.CANCEL;
    }
    if (stop.raised() || said == RunReply.Command.PAUSE) {
      return Command.PAUSE;
    }
    if (said != RunReply.Command.CHECKPOINT) {
      answered = false;
      return Command.CONTINUE;
    }
    return answered ? Command.CONTINUE : Command.CHECKPOINT;
  }
}
