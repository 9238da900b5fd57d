package io.trainyard.jobs;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** Stores a changed job with its events and tells of it after the transaction. */
@Component
class JobStore {
  private final JobRepository jobs;
  private final EventRepository events;
  private final ApplicationEventPublisher publisher;

  JobStore(JobRepository jobs, EventRepository events, ApplicationEventPublisher publisher) {
    this.jobs = jobs;
    this.events = events;
    this.publisher = publisher;
  }

  void insert(Job job) {
    jobs.insert(job);
    save(job, null);
  }

  void save(Job job, @Nullable Long residentBytes) {
    JobLog.Recorded recorded = job.takeRecorded();
    jobs.update(job);
    events.append(job.id(), recorded.events());
    publisher.publishEvent(
        new JobChanged(job, recorded.events(), recorded.epochs(), residentBytes));
  }

  /** A run is alive; nothing of the job changed. */
  void alive(Job job, long residentBytes) {
    publisher.publishEvent(new JobChanged(job, List.of(), List.of(), residentBytes));
  }
}
