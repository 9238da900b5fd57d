package io.trainyard.jobs;

import io.trainyard.access.Caller;
import io.trainyard.access.CurrentCaller;
import io.trainyard.datasets.Dataset;
import io.trainyard.datasets.DatasetUse;
import io.trainyard.shared.Ids;
import io.trainyard.shared.Page;
import io.trainyard.shared.Problem;
import io.trainyard.training.JobDocument;
import io.trainyard.training.References;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;

/** Jobs as users see them: those of other owners are not there, except for an admin. */
@Service
public class Jobs implements DatasetUse {
  private final JobStore store;
  private final JobRepository jobs;
  private final JobListing listing;
  private final QueueOrder queue;
  private final EventRepository events;
  private final AttemptRepository attempts;
  private final AbsentJobs absent;
  private final List<JobUse> uses;
  private final References references;
  private final JobLimits limits;
  private final Ids ids;
  private final Clock clock;
  private final ApplicationEventPublisher publisher;
  private final CurrentCaller caller;
  private final long maxQueued;
  private final long maxQueuedPerOwner;

  Jobs(
      JobStore store,
      JobRepository jobs,
      JobListing listing,
      QueueOrder queue,
      EventRepository events,
      AttemptRepository attempts,
      AbsentJobs absent,
      List<JobUse> uses,
      References references,
      JobLimits limits,
      Ids ids,
      Clock clock,
      ApplicationEventPublisher publisher,
      CurrentCaller caller,
      @Value("${trainyard.queue.max}") long maxQueued,
      @Value("${trainyard.queue.max-per-owner}") long maxQueuedPerOwner) {
    this.store = store;
    this.jobs = jobs;
    this.listing = listing;
    this.queue = queue;
    this.events = events;
    this.attempts = attempts;
    this.absent = absent;
    this.uses = uses;
    this.references = references;
    this.limits = limits;
    this.ids = ids;
    this.clock = clock;
    this.publisher = publisher;
    this.caller = caller;
    this.maxQueued = maxQueued;
    this.maxQueuedPerOwner = maxQueuedPerOwner;
  }

  /**
   * Reads a job document without storing anything.
   *
   * @throws Problem of kind INVALID with a pointer for everything that is wrong
   */
  public JobDocument check(JsonNode document) {
    return limits.admit(document, JobDocument.read(document, references));
  }

  /** How much memory the job's runner may need, in bytes; null if this server does not know. */
  public @Nullable Long memoryLimit(JobDocument document) {
    return limits.memory(document);
  }

  /**
   * Puts a job in the queue.
   *
   * @throws Problem of kind INVALID if the document is wrong, QUEUE_FULL if there is no room
   */
  @Transactional
  public Job submit(JsonNode document) {
    return insert(ids.next("job"), document, admitted(document, references), null);
  }

  /** Puts a job in the queue whose document was admitted. */
  Job insert(String id, JsonNode document, JobDocument read, @Nullable Lineage lineage) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Job job = Job.submitted(id, JobSpec.of(id, caller.get().owner(), document, read, lineage, now));
    store.insert(job);
    return job;
  }

  /**
   * Reads a document for a job that is to be put in the queue.
   *
   * @throws Problem of kind INVALID if the document is wrong, QUEUE_FULL if there is no room
   */
  JobDocument admitted(JsonNode document, References names) {
    try {
      JobDocument read = limits.admit(document, JobDocument.read(document, names));
      if (queue.size() >= maxQueued) {
        throw new Problem(
            Problem.Kind.QUEUE_FULL, maxQueued + " jobs are waiting already (trainyard.queue.max)");
      }
      String owner = caller.get().owner();
      if (queue.size(owner) >= maxQueuedPerOwner) {
        throw new Problem(
            Problem.Kind.QUEUE_FULL,
            maxQueuedPerOwner
                + " jobs of "
                + owner
                + " are waiting already (trainyard.queue.max-per-owner)");
      }
      return read;
    } catch (Problem e) {
      publisher.publishEvent(new JobRefused(e.kind()));
      throw e;
    }
  }

  /**
   * The job of an id.
   *
   * @throws Problem of kind NOT_FOUND if there is none that the caller sees
   */
  public Job get(String id) {
    return seen(id, jobs.find(id));
  }

  /** The same, held against other transactions until this one ends. */
  Job lock(String id) {
    return seen(id, jobs.lock(id));
  }

  private Job seen(String id, Optional<Job> found) {
    return found
        .filter(job -> caller.get().sees(job.spec().owner()))
        .orElseThrow(() -> Problem.notFound("job", id));
  }

  /**
   * Newest first.
   *
   * @param name a text that their names contain, in whatever case; null for any name
   */
  public Page<Job> list(JobFilter filter, @Nullable String name, int limit) {
    Caller asking = caller.get();
    String owner = asking.seesAll() ? null : asking.owner();
    Page<String> ids =
        name == null
            ? Page.of(listing.ids(filter, owner, limit + 1), limit, id -> id)
            : listing.named(filter, owner, name, limit);
    return new Page<>(jobs.findAll(ids.data()), ids.hasMore(), ids.nextCursor());
  }

  /** The job's place among those that wait, from 1; null if it does not wait. */
  public @Nullable Long queuePosition(Job job) {
    return job.state() == JobState.QUEUED ? Long.valueOf(queue.ahead(job) + 1L) : null;
  }

  /**
   * Removes a job that has ended, with its events and files.
   *
   * @throws Problem of kind CONFLICT if it has not ended, or something needs it
   */
  @Transactional
  public void delete(String id) {
    Job job = lock(id);
    if (!job.state().terminal()) {
      throw Problem.conflict("the job is " + job.state().word() + "; cancel it first");
    }
    neededBy(id)
        .ifPresent(
            user -> {
              throw Problem.conflict("the job is needed by " + user);
            });
    try {
      remove(job);
    } catch (DataIntegrityViolationException e) {
      throw Problem.conflict("the job has come into use just now");
    }
  }

  /** What needs a job to stay; empty if nothing does. */
  Optional<String> neededBy(String id) {
    return uses.stream().flatMap(use -> use.neededBy(id).stream()).findFirst();
  }

  /** Removes a job that no run holds and nothing needs. Its files follow after the transaction. */
  void remove(Job job) {
    absent.deleted(job.id(), clock.instant());
    jobs.delete(job.id());
    publisher.publishEvent(new JobFiles.Deleted(job.id()));
  }

  // From here on jobs are those that were looked up, or are at work; nobody is asked again.

  /** The events after a sequence number, in order. */
  public List<JobEvent> eventsAfter(String id, long sequence, int limit) {
    return events.after(id, sequence, limit);
  }

  /**
   * How far a job's log goes.
   *
   * @param last the sequence number of the last event
   * @param terminal whether it is the last for ever
   */
  public record Log(long last, boolean terminal) {}

  /** How far the job's log goes; empty if the job is no more. */
  public Optional<Log> log(String id) {
    return jobs.log(id);
  }

  /** The job.epoch events after an epoch, in order. */
  public List<JobEvent> epochsAfter(String id, int epoch, int limit) {
    return events.epochsAfter(id, epoch, limit);
  }

  /** The job.epoch events of some epochs, in order. */
  public List<JobEvent> epochs(String id, List<Integer> epochs) {
    return events.epochs(id, epochs);
  }

  public List<Attempt> attempts(String id) {
    return attempts.list(id);
  }

  public Map<JobState, Long> countByState() {
    return jobs.countByState();
  }

  @Override
  public Optional<String> neededBy(Dataset dataset) {
    return jobs.openJobOn(dataset.id())
        .flatMap(jobs::find)
        .map(
            job ->
                caller.get().sees(job.spec().owner()) ? "job " + job.id() : "another owner's job");
  }
}
