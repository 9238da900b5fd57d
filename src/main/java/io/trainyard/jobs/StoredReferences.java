package io.trainyard.jobs;

import io.trainyard.datasets.Datasets;
import io.trainyard.models.Models;
import io.trainyard.training.References;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What job documents name, in the database. */
@Component
class StoredReferences implements References {
  private final Models models;
  private final Datasets datasets;

  StoredReferences(Models models, Datasets datasets) {
    this.models = models;
    this.datasets = datasets;
  }

  @Override
  public @Nullable StoredModel model(String reference) {
    return models
        .find(reference)
        .map(model -> new StoredModel(model.id(), model.definition()))
        .orElse(null);
  }

  @Override
  public @Nullable StoredDataset dataset(String reference) {
    return datasets
        .find(reference)
        .map(dataset -> new StoredDataset(dataset.id(), dataset.descriptor().shape()))
        .orElse(null);
  }
}
