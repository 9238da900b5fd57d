package io.trainyard.training;

import io.trainyard.datasets.DatasetShape;
import io.trainyard.models.ModelDefinition;
import org.jspecify.annotations.Nullable;

/** Finds what a job document names. */
public interface References {

  /**
   * Of a document that has its model inline, and names no dataset but the given one.
   *
   * @param dataset null where the document has that inline as well
   */
  static References inline(@Nullable DatasetShape dataset) {
    return new References() {
      @Override
      public @Nullable StoredModel model(String reference) {
        return null;
      }

      @Override
      public @Nullable StoredDataset dataset(String reference) {
        return dataset == null ? null : new StoredDataset(reference, dataset);
      }
    };
  }

  /** A stored model. */
  record StoredModel(String id, ModelDefinition definition) {}

  /** A stored dataset. */
  record StoredDataset(String id, DatasetShape shape) {}

  /** The model of an id, a name (newest version) or name@version; null if there is none. */
  @Nullable StoredModel model(String reference);

  /** The dataset of an id or a name; null if there is none. */
  @Nullable StoredDataset dataset(String reference);
}
