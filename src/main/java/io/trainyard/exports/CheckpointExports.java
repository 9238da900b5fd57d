package io.trainyard.exports;

import io.trainyard.jobs.Checkpoint;
import io.trainyard.jobs.CheckpointPart;
import io.trainyard.jobs.Checkpoints;
import io.trainyard.jobs.Job;
import io.trainyard.jobs.Jobs;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import io.trainyard.training.ModelCard;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/** The model as it was at a checkpoint, in the formats of a finished one's. */
@Service
public class CheckpointExports {
  private final Jobs jobs;
  private final Checkpoints checkpoints;
  private final Manifests manifests;

  CheckpointExports(Jobs jobs, Checkpoints checkpoints, Manifests manifests) {
    this.jobs = jobs;
    this.checkpoints = checkpoints;
    this.manifests = manifests;
  }

  /**
   * All files, by name. Each is made when it is asked for.
   *
   * @throws Problem of kind NOT_FOUND if there is no such checkpoint
   */
  public List<JobFile> list(String jobId, int epoch) throws IOException {
    Job job = jobs.get(jobId);
    List<JobFile> files = new ArrayList<>(List.of(JobFile.generated(Manifest.NAME)));
    if (card(job, checkpoints.get(job.id(), epoch, null)) != null) {
      ModelFiles.NAMES.stream().map(JobFile::generated).forEach(files::add);
    }
    files.sort(Comparator.comparing(JobFile::name));
    return files;
  }

  /**
   * A file of a checkpoint.
   *
   * @throws Problem of kind NOT_FOUND if there is no such checkpoint or file; INVALID, with the
   *     place in the job's document, if the format has no means for a layer
   */
  public Export open(String jobId, int epoch, String name) throws IOException {
    Job job = jobs.get(jobId);
    Checkpoint checkpoint = checkpoints.get(job.id(), epoch, null);
    if (name.equals(Manifest.NAME)) {
      return Export.text("application/json", Json.write(manifests.of(job, checkpoint)));
    }
    ModelCard card = ModelFiles.NAMES.contains(name) ? card(job, checkpoint) : null;
    if (card == null) {
      throw Problem.notFound("artifact", name);
    }
    // The optimizer's states are no part of the model.
    TensorFile tensors =
        TensorFile.read(checkpoints.open(job.id(), checkpoint, CheckpointPart.STATE))
            .only(card.definition().tensors().keySet());
    return new ModelFiles(job.id(), card, tensors).open(name);
  }

  /** Null if an earlier version has stored the checkpoint. */
  private @Nullable ModelCard card(Job job, Checkpoint checkpoint) throws IOException {
    try (InputStream in = checkpoints.open(job.id(), checkpoint, CheckpointPart.MANIFEST)) {
      JsonNode card = Json.MAPPER.readTree(in).path("card");
      return card.isObject() ? Json.MAPPER.treeToValue(card, ModelCard.class) : null;
    }
  }
}
