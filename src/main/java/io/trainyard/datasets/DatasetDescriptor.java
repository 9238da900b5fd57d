package io.trainyard.datasets;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * All that is known of a dataset besides its rows: enough to check a job against it and, with the
 * file, to read it. It travels to the runner as JSON.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = CsvDescriptor.class, name = "csv"),
  @JsonSubTypes.Type(value = SyntheticDescriptor.class, name = "synthetic")
})
public sealed interface DatasetDescriptor permits CsvDescriptor, SyntheticDescriptor {
  DatasetShape shape();

  /** The word for it: "csv" or "synthetic". */
  String kind();
}
