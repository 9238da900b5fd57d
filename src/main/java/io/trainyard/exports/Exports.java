package io.trainyard.exports;

import io.trainyard.artifacts.Artifact;
import io.trainyard.artifacts.ArtifactStore;
import io.trainyard.datasets.Datasets;
import io.trainyard.jobs.Job;
import io.trainyard.jobs.Jobs;
import io.trainyard.models.Models;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import io.trainyard.training.ModelCard;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;

/** The files of jobs: those that runs left behind, and those that are made of them on request. */
@Service
public class Exports {
  /** The program of a job. */
  public static final String SCRIPT = "script.py";

  private final Jobs jobs;
  private final Models models;
  private final Datasets datasets;
  private final ArtifactStore artifacts;
  private final Manifests manifests;

  Exports(
      Jobs jobs, Models models, Datasets datasets, ArtifactStore artifacts, Manifests manifests) {
    this.jobs = jobs;
    this.models = models;
    this.datasets = datasets;
    this.artifacts = artifacts;
    this.manifests = manifests;
  }

  /**
   * All files, by name.
   *
   * @throws Problem of kind NOT_FOUND if there is no such job
   */
  public List<JobFile> list(String jobId) throws IOException {
    Job job = jobs.get(jobId);
    List<JobFile> files = new ArrayList<>();
    boolean trained = false;
    for (Artifact artifact : manifests.stored(job)) {
      files.add(JobFile.stored(artifact));
      trained |= artifact.name().equals(ModelCard.TENSORS);
    }
    files.add(JobFile.generated(Manifest.NAME));
    files.add(JobFile.generated(SCRIPT));
    if (trained) {
      files.add(JobFile.generated(ModelFiles.ONNX));
      files.add(JobFile.generated(ModelFiles.TORCHSCRIPT));
    }
    files.sort(Comparator.comparing(JobFile::name));
    return files;
  }

  /**
   * A file of a job.
   *
   * @throws Problem of kind NOT_FOUND if there is none of that name; INVALID, with the place in the
   *     job's document, if the format has no means for a layer
   */
  public Export open(String jobId, String name) throws IOException {
    Job job = jobs.get(jobId);
    return switch (name) {
      case SCRIPT -> {
        ExportedJob exported = ExportedJob.of(job, models, datasets);
        yield Export.text("text/x-python;charset=UTF-8", exported.script());
      }
      case Manifest.NAME -> Export.text("application/json", Json.write(manifests.of(job)));
      case ModelFiles.ONNX, ModelFiles.TORCHSCRIPT -> {
        ModelCard card = ModelCard.read(stored(job, ModelCard.NAME, name));
        TensorFile tensors = TensorFile.read(stored(job, ModelCard.TENSORS, name));
        yield new ModelFiles(job.id(), card, tensors).open(name);
      }
      default -> Export.stored(stored(job, name, name));
    };
  }

  private InputStream stored(Job job, String name, String wanted) throws IOException {
    Optional<InputStream> content =
        Manifests.isOthers(name) ? Optional.empty() : artifacts.open(job.id(), name);
    return content.orElseThrow(() -> Problem.notFound("artifact", wanted));
  }
}
