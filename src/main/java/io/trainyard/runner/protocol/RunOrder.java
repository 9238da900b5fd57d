package io.trainyard.runner.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a runner is to do.
 *
 * @param document the job document with its model inline
 * @param dataset the descriptor of the stored dataset; null where the document has an inline one
 * @param secondsLeft until the job's deadline; null without one
 * @param checkpoints to go on from the first that can be read, the newest first; none to begin
 */
public record RunOrder(
    String job,
    int attempt,
    JsonNode document,
    @Nullable JsonNode dataset,
    @Nullable Double secondsLeft,
    List<RunCheckpoint> checkpoints) {}
