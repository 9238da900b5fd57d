package io.trainyard.datasets;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a dataset besides its rows: enough to check a job against it and, with the
 * file, to read it. It travels to the runner as JSON.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = CsvDescriptor.class, name = "csv"),
  @JsonSubTypes.Type(value = ArraysDescriptor.class, name = "arrays"),
  @JsonSubTypes.Type(value = SyntheticDescriptor.class, name = "synthetic")
})
public sealed interface DatasetDescriptor
    permits CsvDescriptor, ArraysDescriptor, SyntheticDescriptor {
  DatasetShape shape();

  /** How its file is read; null if it has none. */
  @Nullable FileSpec file();

  /** The word for it: "csv", "npz", "idx" or "synthetic". */
  String kind();
}
