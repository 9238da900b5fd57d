package io.trainyard.jobs;

import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.runner.protocol.RunReply;
import io.trainyard.runner.protocol.RunReport;
import io.trainyard.shared.Digests;
import io.trainyard.shared.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Jobs as those who run them see them: claimed, reported on, lost. */
@Service
public class JobRuns {
  private static final String HANDED_BACK = "handed_back";
  private static final String LOST = "lost";

  private final JobStore store;
  private final JobRepository jobs;
  private final AttemptRepository attempts;
  private final Checkpoints checkpoints;
  private final QueueOrder queue;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  JobRuns(
      JobStore store,
      JobRepository jobs,
      AttemptRepository attempts,
      Checkpoints checkpoints,
      QueueOrder queue,
      Clock clock) {
    this.store = store;
    this.jobs = jobs;
    this.attempts = attempts;
    this.checkpoints = checkpoints;
    this.queue = queue;
    this.clock = clock;
  }

  /** A job taken from the queue, and the secret that its runner reports with. */
  public record Claim(AttemptId id, String token, Job job) {}

  /** Takes the next job, if one waits. */
  @Transactional
  public Optional<Claim> claim(String owner, Duration lease) {
    return jobs.lockNext()
        .map(
            job -> {
              Instant now = clock.instant();
              job.claim(now);
              store.save(job, null);
              jobs.lease(job.id(), owner, lease);
              AttemptId id = new AttemptId(job.id(), job.runs().attempt());
              byte[] secret = new byte[32];
              random.nextBytes(secret);
              String token = HexFormat.of().formatHex(secret);
              attempts.insert(id, Digests.sha256(token), now);
              return new Claim(id, token, job);
            });
  }

  /** Whether any job is in the queue. */
  public boolean waiting() {
    return queue.size() > 0;
  }

  /**
   * Checks a runner's token.
   *
   * @throws Problem of kind UNAUTHORIZED if it is not the attempt's
   */
  public void authenticate(AttemptId id, @Nullable String token) {
    credentials(id, token);
  }

  /** The job if {@code id} is its present run. */
  public Optional<Job> current(AttemptId id) {
    return jobs.find(id.job()).filter(job -> holds(job, id));
  }

  /**
   * Applies a report once, whole or not at all.
   *
   * @throws Problem of kind UNAUTHORIZED if the token is not the attempt's
   */
  @Transactional
  public RunReply.Command report(AttemptId id, @Nullable String token, RunReport report) {
    Job job = jobs.lock(id.job()).orElseThrow(() -> Problem.notFound("job", id.job()));
    AttemptRepository.Credentials credentials = credentials(id, token);
    boolean seen = !report.events().isEmpty() && report.batch() <= credentials.lastBatch();
    if (seen && job.runs().attempt() == id.attempt()) {
      return command(job);
    }
    if (!holds(job, id) || credentials.ended()) {
      return RunReply.Command.FENCED;
    }
    if (report.events().isEmpty()) {
      store.alive(job, report.residentBytes());
      return command(job);
    }
    Instant now = clock.instant();
    String device = null;
    for (RunEvent event : report.events()) {
      job.apply(event, now);
      if (event instanceof RunEvent.Started started) {
        device = started.device();
      } else if (event instanceof RunEvent.Resumed resumed) {
        attempts.resumed(id, resumed.epoch());
        checkpoints.resumed(job, resumed);
      } else if (event instanceof RunEvent.CheckpointDone done) {
        checkpoints.record(job, id, done, now);
      } else if (event instanceof RunEvent.Ended ended) {
        boolean back = job.state() == JobState.QUEUED;
        attempts.end(id, back ? HANDED_BACK : ended.outcome(), now);
      }
    }
    attempts.reported(id, report.batch(), device);
    store.save(job, report.residentBytes());
    return command(job);
  }

  /** The run's process is gone; if it had not reported an end, the job goes on without it. */
  @Transactional
  public void exited(AttemptId id, @Nullable Integer exitCode, Reason reason, String detail) {
    if (exitCode != null) {
      attempts.exited(id, exitCode);
    }
    change(jobs.lock(id.job()), id, LOST, job -> job.lose(reason, detail, clock.instant()));
  }

  /**
   * Takes a job from a server that no longer renews its lease. A job that another transaction holds
   * is left for the next time: the server may have been stopped within it.
   */
  @Transactional
  public void expire(AttemptId id) {
    String detail = "attempt " + id.attempt() + " was lost: its server stopped renewing it";
    change(jobs.lockExpired(id.job()), id, LOST, job -> job.expire(detail, clock.instant()));
  }

  /** Gives a held job back to the queue: its server stops or has restarted. */
  @Transactional
  public void handBack(AttemptId id) {
    change(jobs.lock(id.job()), id, HANDED_BACK, job -> job.handBack(clock.instant()));
  }

  /** The present runs of the jobs that {@code owner} holds. */
  public List<AttemptId> heldBy(String owner) {
    return present(jobs.heldBy(owner));
  }

  /** The present runs of the jobs whose lease has run out. */
  public List<AttemptId> expired() {
    return present(jobs.expired());
  }

  /**
   * Renews the leases of these runs alone: a claim whose answer was lost has no runner, and its
   * lease must run out.
   */
  @Transactional
  public void renewLeases(String owner, Collection<AttemptId> ids, Duration lease) {
    jobs.renewLeases(owner, ids.stream().map(AttemptId::job).toList(), lease);
  }

  /**
   * Takes over a run whose lease has run out, to be supervised by another server.
   *
   * @return false if it goes on elsewhere or has ended
   */
  @Transactional
  public boolean adopt(AttemptId id, String owner, Duration lease) {
    return jobs.lock(id.job()).filter(job -> holds(job, id)).isPresent()
        && jobs.takeLease(id.job(), owner, lease);
  }

  /** Whether the run is to end because its job is being cancelled. */
  public boolean cancelling(AttemptId id) {
    return current(id).filter(job -> job.state() == JobState.CANCELLING).isPresent();
  }

  private void change(
      Optional<Job> locked, AttemptId id, String outcome, Consumer<Job> transition) {
    Instant now = clock.instant();
    locked
        .filter(job -> holds(job, id))
        .ifPresent(
            job -> {
              transition.accept(job);
              attempts.end(id, outcome, now);
              store.save(job, null);
            });
  }

  private List<AttemptId> present(List<String> ids) {
    return ids.stream()
        .flatMap(id -> jobs.find(id).stream())
        .map(job -> new AttemptId(job.id(), job.runs().attempt()))
        .toList();
  }

  private static boolean holds(Job job, AttemptId id) {
    return job.runs().attempt() == id.attempt() && job.state().held();
  }

  private static RunReply.Command command(Job job) {
    return switch (job.state()) {
      case CANCELLING -> RunReply.Command.CANCEL;
      case PAUSING -> RunReply.Command.PAUSE;
      case RUNNING ->
          job.runs().checkpointAsked() == null
              ? RunReply.Command.CONTINUE
              : RunReply.Command.CHECKPOINT;
      default -> RunReply.Command.CONTINUE;
    };
  }

  private AttemptRepository.Credentials credentials(AttemptId id, @Nullable String token) {
    AttemptRepository.Credentials credentials =
        attempts.credentials(id).orElseThrow(() -> Problem.notFound("attempt", id.toString()));
    byte[] given = Digests.sha256(token == null ? "" : token).getBytes(StandardCharsets.US_ASCII);
    byte[] expected = credentials.tokenHash().getBytes(StandardCharsets.US_ASCII);
    if (!MessageDigest.isEqual(given, expected)) {
      throw new Problem(Problem.Kind.UNAUTHORIZED, "the token is not this attempt's");
    }
    return credentials;
  }
}
