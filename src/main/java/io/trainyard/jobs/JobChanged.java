package io.trainyard.jobs;

import io.trainyard.training.Epoch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Published after the transaction that changed a job.
 *
 * @param events what was recorded, in order
 * @param epochs those among the events
 * @param residentBytes the runner's resident memory, where a report told it
 */
public record JobChanged(
    Job job, List<JobEvent> events, List<Epoch> epochs, @Nullable Long residentBytes) {}
