package io.trainyard.jobs;

import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.shared.Page;
import io.trainyard.shared.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/** The stored states that jobs can go on from. */
@Service
public class Checkpoints {
  private static final Pattern CURSOR = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");

  private final CheckpointRepository rows;
  private final CheckpointFiles files;
  private final ApplicationEventPublisher publisher;

  Checkpoints(
      CheckpointRepository rows, CheckpointFiles files, ApplicationEventPublisher publisher) {
    this.rows = rows;
    this.files = files;
    this.publisher = publisher;
  }

  /**
   * Newest first.
   *
   * @param after a page's cursor, {@code EPOCH} or {@code EPOCH-ROW}; null to begin
   * @throws Problem of kind MALFORMED if it is none
   */
  public Page<Checkpoint> list(String job, @Nullable String after, int limit) {
    int epoch = Integer.MAX_VALUE;
    int row = 0;
    if (after != null) {
      Matcher cursor = CURSOR.matcher(after);
      if (!cursor.matches()) {
        throw new Problem(Problem.Kind.MALFORMED, "after: expected what next_cursor was");
      }
      epoch = Integer.parseInt(cursor.group(1));
      row = cursor.group(2) == null ? 0 : Integer.parseInt(cursor.group(2));
    }
    return Page.of(
        rows.before(job, epoch, row, limit + 1),
        limit,
        c -> c.row() == 0 ? Integer.toString(c.epoch()) : c.epoch() + "-" + c.row());
  }

  /** All of a job, newest first. */
  public List<Checkpoint> all(String job) {
    return rows.all(job);
  }

  /**
   * The checkpoint after an epoch.
   *
   * @param row of the next epoch; null for the state between the two or else the latest after it
   * @throws Problem of kind NOT_FOUND if there is none
   */
  public Checkpoint get(String job, int epoch, @Nullable Integer row) {
    return rows.find(job, epoch, row)
        .orElseThrow(() -> Problem.notFound("checkpoint", Integer.toString(epoch)));
  }

  /**
   * Opens a file of a checkpoint.
   *
   * @throws Problem of kind NOT_FOUND if it has been deleted
   */
  public InputStream open(String job, Checkpoint checkpoint, CheckpointPart part)
      throws IOException {
    return files.open(job, checkpoint, part);
  }

  /** Records what a run has stored, and gives up what the keep rule does not keep. */
  void record(Job job, AttemptId id, RunEvent.CheckpointDone done, Instant now) {
    if (done.epoch() > job.progress().epoch()) {
      throw new Problem(
          Problem.Kind.MALFORMED,
          "a checkpoint of epoch " + done.epoch() + ", which was not reported");
    }
    Checkpoint.Files stored = files.find(id, done).orElse(null);
    if (stored == null) {
      job.warn("the checkpoint of epoch " + done.epoch() + " did not arrive whole", now);
      return;
    }
    Checkpoint checkpoint =
        new Checkpoint(
            done.epoch(),
            done.row(),
            id.attempt(),
            done.cause(),
            done.bytes(),
            done.sha256(),
            done.best(),
            now.truncatedTo(ChronoUnit.MICROS),
            stored);
    List<Checkpoint> former = rows.all(job.id());
    List<Checkpoint> dropped = new ArrayList<>();
    for (Checkpoint other : former) {
      if (other.epoch() == checkpoint.epoch() && (other.row() > 0 || checkpoint.row() == 0)) {
        rows.delete(job.id(), other);
        dropped.add(other);
      }
    }
    if (checkpoint.best()) {
      rows.noneIsBest(job.id());
    }
    rows.insert(job.id(), checkpoint);
    for (Checkpoint surplus : KeepRule.surplus(rows.all(job.id()), job.spec().keptCheckpoints())) {
      rows.delete(job.id(), surplus);
      dropped.add(surplus);
    }
    boolean first = former.stream().noneMatch(other -> other.attempt() == id.attempt());
    drop(job.id(), dropped, first ? id.attempt() : 0);
    job.checkpointed(checkpoint, now);
  }

  /** The run found none of the newer ones whole: they would only push out good ones. */
  void resumed(Job job, RunEvent.Resumed from) {
    List<Checkpoint> damaged =
        rows.all(job.id()).stream().filter(c -> c.isAfter(from.epoch(), from.row())).toList();
    damaged.forEach(checkpoint -> rows.delete(job.id(), checkpoint));
    drop(job.id(), damaged, 0);
  }

  /** Gives up all checkpoints of a job that no run holds. */
  void removeAll(Job job) {
    List<Checkpoint> all = rows.all(job.id());
    all.forEach(checkpoint -> rows.delete(job.id(), checkpoint));
    drop(job.id(), all, job.runs().attempt() + 1);
  }

  private void drop(String job, List<Checkpoint> dropped, int attempt) {
    if (!dropped.isEmpty() || attempt > 1) {
      publisher.publishEvent(
          new CheckpointFiles.Dropped(
              job,
              dropped.stream().map(Checkpoint::files).toList(),
              attempt,
              rows.all(job).stream().map(Checkpoint::files).toList()));
    }
  }
}
