package io.trainyard.training;

import io.trainyard.datasets.DatasetShape;
import io.trainyard.models.ModelDefinition;
import org.jspecify.annotations.Nullable;

/** Finds what a job document names. */
public interface References {

  /** A stored model. */
  record StoredModel(String id, ModelDefinition definition) {}

  /** A stored dataset. */
  record StoredDataset(String id, DatasetShape shape) {}

  /** The model of an id, a name (newest version) or name@version; null if there is none. */
  @Nullable StoredModel model(String reference);

  /** The dataset of an id or a name; null if there is none. */
  @Nullable StoredDataset dataset(String reference);
}
