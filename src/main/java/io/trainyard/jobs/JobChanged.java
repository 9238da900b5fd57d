package io.trainyard.jobs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Published after the transaction that changed a job.
 *
 * @param events what was recorded, in order
 * @param residentBytes the runner's resident memory, where a report told it
 */
public record JobChanged(Job job, List<JobEvent> events, @Nullable Long residentBytes) {}
