package io.trainyard.jobs;

import io.trainyard.shared.Problem;
import io.trainyard.training.References;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the names in a job's document stood for when it was posted: there may be newer versions of
 * its model by now, or another dataset of that name.
 *
 * @param changes members of the document for which this does not hold, as they are new
 */
record PinnedReferences(References present, JobSpec spec, JsonNode changes) implements References {

  @Override
  public @Nullable StoredModel model(String reference) {
    return present.model(pinned("model", reference, spec.modelId()));
  }

  @Override
  public @Nullable StoredDataset dataset(String reference) {
    return present.dataset(pinned("dataset", reference, spec.datasetId()));
  }

  /**
   * @throws Problem of kind CONFLICT if the dataset was deleted
   */
  void requireDataset() {
    String id = changes.has("dataset") ? null : spec.datasetId();
    if (id != null && present.dataset(id) == null) {
      throw Problem.conflict("the job's dataset " + id + " was deleted");
    }
  }

  private String pinned(String member, String reference, @Nullable String id) {
    return id == null || changes.has(member) ? reference : id;
  }
}
