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
    String datasetId = job.spec().datasetId();
    return new ExportedJob(
        job,
        job.spec().inlined(models),
        datasetId == null ? null : datasets.ofJob(datasetId).orElse(null));
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
    JobDocument read = read(dataset);
    String title = "%s (%s) as a PyTorch program.".formatted(job.spec().name(), job.id());
    return PythonProgram.of(title, document, read, dataset == null ? null : dataset.descriptor());
  }

  Manifest.Data data() {
    String id = job.spec().datasetId();
    if (id != null) {
      return dataset == null ? Manifest.Data.gone(id) : Manifest.Data.of(dataset);
    }
    JobDocument read = read(null);
    return Manifest.Data.inline(read.shape());
  }

  private JobDocument read(@Nullable Dataset data) {
    return JobDocument.read(
        document, References.inline(data == null ? null : data.descriptor().shape()));
  }
}
