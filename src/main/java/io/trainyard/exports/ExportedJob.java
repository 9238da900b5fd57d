package io.trainyard.exports;

import io.trainyard.datasets.Dataset;
import io.trainyard.datasets.Datasets;
import io.trainyard.exports.python.PythonProgram;
import io.trainyard.jobs.Job;
import io.trainyard.models.Models;
import io.trainyard.shared.Problem;
import io.trainyard.training.JobDocument;
import io.trainyard.training.References;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A job with what its document names.
 *
 * @param document with the model inline
 * @param dataset null for an inline one, and for a stored one that is gone
 */
record ExportedJob(Job job, ObjectNode document, @Nullable Dataset dataset) {

  static ExportedJob of(Job job, Models models, Datasets datasets) {
    ObjectNode document = job.spec().document().deepCopy();
    String modelId = job.spec().modelId();
    if (modelId != null) {
      // The version that the name stood for when the job was posted.
      document.set(
          "model",
          models.ofJob(modelId).orElseThrow(() -> Problem.notFound("model", modelId)).document());
    }
    String datasetId = job.spec().datasetId();
    return new ExportedJob(
        job, document, datasetId == null ? null : datasets.ofJob(datasetId).orElse(null));
  }

  /**
   * The PyTorch program that the document stands for.
   *
   * @throws Problem of kind CONFLICT if the dataset is gone
   */
  String script() {
    if (dataset == null && job.spec().datasetId() != null) {
      throw Problem.conflict(
          "the dataset "
              + job.spec().datasetId()
              + " was deleted, and the script needs its columns");
    }
    JobDocument read = JobDocument.read(document, new Given(dataset));
    String title = "%s (%s) as a PyTorch program.".formatted(job.spec().name(), job.id());
    return PythonProgram.of(title, document, read, dataset == null ? null : dataset.descriptor());
  }

  Manifest.Data data() {
    String id = job.spec().datasetId();
    if (id != null) {
      return dataset == null ? Manifest.Data.gone(id) : Manifest.Data.of(dataset);
    }
    JobDocument read = JobDocument.read(document, new Given(null));
    return Manifest.Data.inline(read.shape());
  }

  /** The dataset under whatever name the document gives it; the model is inline. */
  private record Given(@Nullable Dataset dataset) implements References {
    @Override
    public @Nullable StoredModel model(String reference) {
      return null;
    }

    @Override
    public @Nullable StoredDataset dataset(String reference) {
      return dataset == null ? null : new StoredDataset(dataset.id(), dataset.descriptor().shape());
    }
  }
}
