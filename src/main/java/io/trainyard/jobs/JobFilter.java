package io.trainyard.jobs;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs to list.
 *
 * @param tags all of which a job must have
 * @param after the id of the last job of the page before
 */
public record JobFilter(
    @Nullable JobState state, Map<String, String> tags, @Nullable String after) {}
