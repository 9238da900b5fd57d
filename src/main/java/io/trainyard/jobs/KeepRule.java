package io.trainyard.jobs;

import java.util.List;

/** Which of a job's checkpoints stay: the last few, and that of the best epoch. */
final class KeepRule {
  private KeepRule() {}

  /**
   * Those to give up.
   *
   * @param newestFirst all checkpoints of the job
   * @param last how many of the newest stay
   */
  static List<Checkpoint> surplus(List<Checkpoint> newestFirst, int last) {
    return newestFirst.stream().skip(last).filter(checkpoint -> !checkpoint.best()).toList();
  }
}
