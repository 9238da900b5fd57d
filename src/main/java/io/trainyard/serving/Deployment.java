package io.trainyard.serving;

import java.time.Instant;

/**
 * A model that is served under a name.
 *
 * @param owner within whose deployments the name is one
 * @param revision counts from 1, with each replacement
 * @param job that trained it
 * @param choice which of its states was asked for
 * @param epoch after which that was taken
 * @param file the deployment's own copy of its tensors, among the files of the job
 * @param updatedAt of this revision
 */
public record Deployment(
    String owner,
    String name,
    int revision,
    String job,
    Choice choice,
    int epoch,
    String file,
    Instant createdAt,
    Instant updatedAt) {}
