package io.trainyard.exports;

import io.trainyard.artifacts.Artifact;
import io.trainyard.artifacts.ArtifactStore;
import io.trainyard.datasets.Datasets;
import io.trainyard.jobs.CheckpointFiles;
import io.trainyard.jobs.Job;
import io.trainyard.jobs.JobEvent;
import io.trainyard.jobs.Jobs;
import io.trainyard.models.Models;
import io.trainyard.onnx.OnnxModel;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import io.trainyard.training.ModelCard;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/** The files of jobs: those that runs left behind, and those that are made of them on request. */
@Service
public class Exports {
  /** The program of a job. */
  public static final String SCRIPT = "script.py";

  private static final String BINARY = "application/octet-stream";
  private static final String ONNX = "model.onnx";
  private static final String TORCHSCRIPT = "model.pt";

  private final Jobs jobs;
  private final Models models;
  private final Datasets datasets;
  private final ArtifactStore artifacts;

  Exports(Jobs jobs, Models models, Datasets datasets, ArtifactStore artifacts) {
    this.jobs = jobs;
    this.models = models;
    this.datasets = datasets;
    this.artifacts = artifacts;
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
    for (Artifact artifact : stored(job)) {
      files.add(JobFile.stored(artifact));
      trained |= artifact.name().equals(ModelCard.TENSORS);
    }
    files.add(JobFile.generated(Manifest.NAME));
    files.add(JobFile.generated(SCRIPT));
    if (trained) {
      files.add(JobFile.generated(ONNX));
      files.add(JobFile.generated(TORCHSCRIPT));
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
      case SCRIPT -> text("text/x-python;charset=UTF-8", exported(job).script());
      case Manifest.NAME -> text("application/json", Json.write(manifest(exported(job))));
      case ONNX -> {
        OnnxModel onnx = OnnxExport.of(card(job, name), tensors(job, name), job.id());
        yield new Export(BINARY, onnx::write);
      }
      case TORCHSCRIPT -> {
        TorchScript script = new TorchScript(card(job, name), tensors(job, name));
        yield new Export(BINARY, script::write);
      }
      default -> {
        InputStream content = stored(job, name, name);
        yield new Export(
            BINARY,
            out -> {
              try (content) {
                content.transferTo(out);
              }
            });
      }
    };
  }

  private static Export text(String type, String text) {
    return new Export(type, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private ExportedJob exported(Job job) {
    return ExportedJob.of(job, models, datasets);
  }

  private ModelCard card(Job job, String wanted) throws IOException {
    return ModelCard.read(stored(job, ModelCard.NAME, wanted));
  }

  private TensorFile tensors(Job job, String wanted) throws IOException {
    return TensorFile.read(stored(job, ModelCard.TENSORS, wanted));
  }

  private InputStream stored(Job job, String name, String wanted) throws IOException {
    Optional<InputStream> content =
        isOthers(name) ? Optional.empty() : artifacts.open(job.id(), name);
    return content.orElseThrow(() -> Problem.notFound("artifact", wanted));
  }

  /** Without those of checkpoints, which are listed on their own, and of deployments. */
  private List<Artifact> stored(Job job) throws IOException {
    return artifacts.list(job.id()).stream()
        .filter(artifact -> !isOthers(artifact.name()))
        .toList();
  }

  private static boolean isOthers(String name) {
    return CheckpointFiles.isName(name) || name.startsWith(Artifact.DEPLOYMENT);
  }

  private Manifest manifest(ExportedJob exported) throws IOException {
    Job job = exported.job();
    int epoch = job.progress().epoch();
    return new Manifest(
        job.id(),
        job.spec().name(),
        job.state(),
        job.outcome().reason(),
        exported.document(),
        job.spec().seed(),
        exported.data(),
        new Manifest.Versions(
            Exports.class.getPackage().getImplementationVersion(),
            libtorch(),
            Runtime.version().toString()),
        job.runs().device(),
        job.runs().attempt(),
        epoch,
        row(job, epoch),
        row(job, job.progress().bestEpoch()),
        job.spec().createdAt(),
        job.runs().startedAt(),
        job.outcome().finishedAt(),
        stored(job));
  }

  private @Nullable JsonNode row(Job job, int epoch) {
    List<JobEvent> rows = epoch == 0 ? List.of() : jobs.epochsAfter(job.id(), epoch - 1, 1);
    return rows.isEmpty() ? null : rows.get(0).data();
  }

  /** The version of the native library that the runners find where the server finds it. */
  private static @Nullable String libtorch() throws IOException {
    try (InputStream in =
        Exports.class.getClassLoader().getResourceAsStream("native/lib/pytorch.properties")) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version");
    }
  }
}
