package io.trainyard.runner.protocol;

import java.util.List;

/**
 * Events in the order in which they happened; empty as a sign of life.
 *
 * @param batch counts the reports of an attempt that have events, from 1; one that was seen before
 *     is not applied again
 * @param residentBytes the runner's resident memory
 */
public record RunReport(long batch, long residentBytes, List<RunEvent> events) {}
