package io.trainyard.datasets;

/** Where a training takes its rows from. */
public sealed interface DataSource permits SyntheticSpec, TableData {
  DatasetShape shape();
}
