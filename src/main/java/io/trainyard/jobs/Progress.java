package io.trainyard.jobs;

import io.trainyard.shared.Problem;
import io.trainyard.training.Epoch;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a job's training is.
 *
 * @param epoch finished epochs
 * @param fraction done part of the whole, 0…1
 * @param bestLoss the lowest validation loss, or training loss without a validation split
 * @param since when the present attempt began to train, with {@code sinceEpoch} epochs finished
 * @param at when the last epoch ended
 */
public record Progress(
    int epoch,
    double fraction,
    @Nullable Double trainLoss,
    @Nullable Double validationLoss,
    @Nullable Double bestLoss,
    int bestEpoch,
    @Nullable Instant since,
    int sinceEpoch,
    @Nullable Instant at) {

  static final Progress NONE = new Progress(0, 0, null, null, null, 0, null, 0, null);

  /** That of a new job; a fork has its checkpoint's epochs behind it. */
  static Progress of(JobSpec spec) {
    Lineage lineage = spec.lineage();
    if (lineage == null || lineage.checkpoint() == null) {
      return NONE;
    }
    int epoch = lineage.checkpoint();
    double fraction = (double) epoch / spec.epochs();
    return new Progress(epoch, fraction, null, null, null, 0, null, epoch, null);
  }

  /**
   * Whether an epoch is the next one. A run that goes on from an earlier epoch gives some again,
   * which are known.
   *
   * @throws Problem of kind MALFORMED if there are epochs missing before it
   */
  boolean awaits(int next) {
    if (next > epoch + 1) {
      throw new Problem(
          Problem.Kind.MALFORMED, "epoch " + next + " does not follow epoch " + epoch);
    }
    return next == epoch + 1;
  }

  Progress trainingSince(Instant now) {
    return new Progress(
        epoch, fraction, trainLoss, validationLoss, bestLoss, bestEpoch, now, epoch, at);
  }

  Progress within(double done) {
    return new Progress(
        epoch, done, trainLoss, validationLoss, bestLoss, bestEpoch, since, sinceEpoch, at);
  }

  Progress best(int best) {
    return new Progress(
        epoch, fraction, trainLoss, validationLoss, bestLoss, best, since, sinceEpoch, at);
  }

  Progress after(Epoch row, int epochs, Instant now) {
    Double validation = row.validationLoss();
    double monitored = validation == null ? row.trainLoss() : validation;
    boolean better = bestLoss == null || monitored < bestLoss;
    return new Progress(
        row.epoch(),
        (double) row.epoch() / epochs,
        row.trainLoss(),
        validation,
        better ? Double.valueOf(monitored) : bestLoss,
        better ? row.epoch() : bestEpoch,
        since,
        sinceEpoch,
        now);
  }

  /** When {@code epochs} are done if they keep their pace; null if that cannot be told yet. */
  @Nullable Instant estimatedFinish(int epochs) {
    int done = epoch - sinceEpoch;
    if (since == null || at == null || done <= 0) {
      return null;
    }
    double perEpoch = Duration.between(since, at).toNanos() / (double) done;
    return at.plusNanos((long) (perEpoch * (epochs - epoch)));
  }
}
