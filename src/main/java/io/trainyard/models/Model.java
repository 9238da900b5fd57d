package io.trainyard.models;

import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * A stored version of a named model.
 *
 * @param owner to whom it belongs, and the name with it
 * @param document {@code layers} and, where given, {@code input_shape}
 */
public record Model(
    String id,
    String owner,
    String name,
    int version,
    JsonNode document,
    ModelDefinition definition,
    long parameters,
    Instant createdAt) {}
