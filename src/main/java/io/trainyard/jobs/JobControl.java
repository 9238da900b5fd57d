package io.trainyard.jobs;

import io.trainyard.shared.Json;
import io.trainyard.training.References;
import java.time.Clock;
import java.util.function.Predicate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What users ask of a job: answered at once, done by its run as soon as that hears of it. */
@Service
public class JobControl {
  private final JobStore store;
  private final Jobs jobs;
  private final References references;
  private final Clock clock;

  JobControl(JobStore store, Jobs jobs, References references, Clock clock) {
    this.store = store;
    this.jobs = jobs;
    this.references = references;
    this.clock = clock;
  }

  /**
   * A request's effect.
   *
   * @param changed false if the job is what was asked for already
   */
  public record Answer(Job job, boolean changed) {}

  /**
   * Ends a job that waits or rests, or asks the one that runs to end.
   *
   * @throws Problem of kind CONFLICT if it ended otherwise
   */
  @Transactional
  public Answer cancel(String id) {
    return change(id, job -> job.cancel(clock.instant()));
  }

  /**
   * Takes a job out of the queue, or asks the one that runs to stop.
   *
   * @throws Problem of kind CONFLICT if it has ended or is about to
   */
  @Transactional
  public Answer pause(String id) {
    return change(id, job -> job.pause(clock.instant()));
  }

  /**
   * Lets a job that is paused, failed or cancelled go on from its last checkpoint.
   *
   * @throws Problem of kind CONFLICT if it cannot, or not yet
   */
  @Transactional
  public Answer resume(String id) {
    return change(
        id,
        job -> {
          boolean changed = job.resume(clock.instant());
          if (changed) {
            new PinnedReferences(references, job.spec(), Json.object()).requireDataset();
          }
          return changed;
        });
  }

  /**
   * Asks a running job for a checkpoint after its present epoch.
   *
   * @throws Problem of kind CONFLICT if it does not run
   */
  @Transactional
  public Answer checkpoint(String id) {
    return change(id, Job::askForCheckpoint);
  }

  private Answer change(String id, Predicate<Job> transition) {
    Job job = jobs.lock(id);
    boolean changed = transition.test(job);
    if (changed) {
      store.save(job, null);
    }
    return new Answer(job, changed);
  }
}
