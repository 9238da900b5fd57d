package io.trainyard.jobs;

import io.trainyard.artifacts.ArtifactStore;
import io.trainyard.artifacts.JobDirectories;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Removes the files of jobs that are no more. Only those whose id the database knows to be gone:
 * that it does not know an id may as well mean that it is another database.
 */
@Component
class JobFiles {
  /** A job that gets files before it is there must be there after this. */
  static final Duration RESERVED = Duration.ofMinutes(30);

  private static final Logger LOG = LoggerFactory.getLogger(JobFiles.class);

  /** For servers that are down when a job is deleted and have files of it themselves. */
  private static final Duration REMEMBERED = Duration.ofDays(30);

  private static final int CHUNK = 500;

  private final AbsentJobs absent;
  private final ArtifactStore artifacts;
  private final JobDirectories directories;
  private final Clock clock;

  JobFiles(AbsentJobs absent, ArtifactStore artifacts, JobDirectories directories, Clock clock) {
    this.absent = absent;
    this.artifacts = artifacts;
    this.directories = directories;
    this.clock = clock;
  }

  /** Published when a job's rows are deleted. */
  record Deleted(String job) {}

  /** After the transaction: rows without files could be put back by nobody. */
  @TransactionalEventListener
  void deleted(Deleted deletion) {
    delete(deletion.job());
  }

  /**
   * Finds what an interrupted deletion has left, and what came after one: a server that was busy
   * with the job may have written then.
   */
  void sweep() {
    Instant now = clock.instant();
    if (absent.isEmpty()) {
      return;
    }
    Set<String> found = new TreeSet<>();
    try {
      found.addAll(artifacts.jobs());
      found.addAll(directories.jobs());
    } catch (IOException e) {
      LOG.warn("the files of deleted jobs cannot be looked for: {}", e.toString());
      return;
    }
    List<String> ids = new ArrayList<>(found);
    for (int from = 0; from < ids.size(); from += CHUNK) {
      List<String> chunk = ids.subList(from, Math.min(from + CHUNK, ids.size()));
      // Twice the time of a reservation: one that is being taken just now is not touched.
      for (String id : absent.among(chunk, now.minus(RESERVED.multipliedBy(2)))) {
        LOG.info("{} is no more; removing what is left of its files", id);
        delete(id);
      }
    }
    absent.forget(now.minus(REMEMBERED));
  }

  private void delete(String job) {
    try {
      artifacts.deleteAll(job);
      directories.delete(job);
    } catch (IOException e) {
      LOG.warn("files of {} cannot be removed; trying again later: {}", job, e.toString());
    }
  }
}
