package io.trainyard.datasets;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A dataset that the service keeps.
 *
 * @param owner to whom it belongs, and the name with it
 * @param name null for a synthetic one without a name
 * @param bytes of the file as it was uploaded; null if there is none
 * @param sha256 of the same bytes, in hexadecimal
 */
public record Dataset(
    String id,
    String owner,
    @Nullable String name,
    DatasetDescriptor descriptor,
    @Nullable Long bytes,
    @Nullable String sha256,
    Instant createdAt) {}
