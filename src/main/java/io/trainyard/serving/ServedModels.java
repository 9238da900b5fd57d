package io.trainyard.serving;

import io.trainyard.artifacts.ArtifactStore;
import io.trainyard.jobs.Checkpoint;
import io.trainyard.jobs.CheckpointPart;
import io.trainyard.jobs.Checkpoints;
import io.trainyard.jobs.Job;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import io.trainyard.training.Loss;
import io.trainyard.training.ModelCard;
import io.trainyard.training.losses.Losses;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Finds the models that jobs have trained: their results and their checkpoints. */
@Component
class ServedModels {
  private static final int KEPT = 64;

  private final Checkpoints checkpoints;
  private final ArtifactStore artifacts;

  /** Those used last by their keys: what a key stands for never changes. */
  private final Map<String, ServedModel> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ServedModel> eldest) {
          return size() > KEPT;
        }
      };

  ServedModels(Checkpoints checkpoints, ArtifactStore artifacts) {
    this.checkpoints = checkpoints;
    this.artifacts = artifacts;
  }

  /** Reads a model's card. */
  interface Card {
    /** Null if it is not there. */
    @Nullable ModelCard read() throws IOException;
  }

  /** A state that can be chosen; a result has no checkpoint. */
  private record Candidate(int epoch, @Nullable Checkpoint checkpoint) {}

  /**
   * The model of a job.
   *
   * @throws Problem of kind CONFLICT if there is none, or not the one that is chosen; INVALID if
   *     the job has no state after the chosen epoch
   */
  ServedModel find(Job job, Choice choice, String pointer) throws IOException {
    List<Candidate> candidates = new ArrayList<>();
    if (job.state().terminal() && result(job) != null) {
      candidates.add(new Candidate(resultEpoch(job), null));
    }
    checkpoints.all(job.id()).forEach(c -> candidates.add(new Candidate(c.epoch(), c)));
    if (candidates.isEmpty()) {
      throw Problem.conflict(
          "the job is " + job.state().word() + " and has neither a model nor a checkpoint");
    }
    Candidate chosen = choose(job, candidates, choice, pointer);
    Checkpoint checkpoint = chosen.checkpoint;
    return checkpoint == null ? Objects.requireNonNull(result(job)) : of(job, checkpoint);
  }

  private static Candidate choose(
      Job job, List<Candidate> candidates, Choice choice, String pointer) {
    if (choice.equals(Choice.RESULT) || choice.equals(Choice.LAST)) {
      boolean result = candidates.get(0).checkpoint == null && choice.equals(Choice.RESULT);
      return result
          ? candidates.get(0)
          // The result comes first and so wins over a checkpoint of its epoch.
          : candidates.stream().reduce((a, b) -> b.epoch > a.epoch ? b : a).orElseThrow();
    }
    if (choice.equals(Choice.BEST)) {
      int best = job.progress().bestEpoch();
      return candidates.stream()
          .filter(c -> c.checkpoint == null ? c.epoch == best : c.checkpoint.best())
          .findFirst()
          .orElseThrow(
              () ->
                  Problem.conflict(
                      "the job has no checkpoint of its best epoch, which is " + best));
    }
    return candidates.stream()
        .filter(c -> c.epoch == choice.epoch())
        // The state after the epoch rather than one within the next.
        .min(Comparator.comparingInt(c -> c.checkpoint == null ? 0 : c.checkpoint.row()))
        .orElseThrow(
            () ->
                Problem.invalid(
                    pointer,
                    "expected \"best\", \"last\" or one of "
                        + candidates.stream()
                            .map(Candidate::epoch)
                            .distinct()
                            .sorted(Comparator.reverseOrder())
                            .map(String::valueOf)
                            .collect(Collectors.joining(", "))));
  }

  /** What the job ended with; null if it left no model. Another attempt may leave another one. */
  private @Nullable ServedModel result(Job job) throws IOException {
    String key = job.id() + "/" + job.runs().attempt() + "/" + ModelCard.TENSORS;
    return get(key, job, ModelCard.TENSORS, resultEpoch(job), () -> card(job.id(), ModelCard.NAME));
  }

  /** The epoch whose parameters the job ended with. */
  private static int resultEpoch(Job job) {
    JsonNode stopping = job.spec().document().path("early_stopping");
    int best = job.progress().bestEpoch();
    return stopping.path("restore_best").asBoolean(false) && best > 0
        ? best
        : job.progress().epoch();
  }

  private ServedModel of(Job job, Checkpoint checkpoint) throws IOException {
    String file = checkpoint.files().state();
    ServedModel model =
        get(job.id() + "/" + file, job, file, checkpoint.epoch(), () -> card(job, checkpoint));
    if (model == null) {
      throw Problem.conflict(
          "the checkpoint after epoch "
              + checkpoint.epoch()
              + " was stored by an earlier version, which kept nothing to predict by");
    }
    return model;
  }

  private @Nullable ModelCard card(Job job, Checkpoint checkpoint) throws IOException {
    try (InputStream manifest = checkpoints.open(job.id(), checkpoint, CheckpointPart.MANIFEST)) {
      JsonNode card = Json.MAPPER.readTree(manifest).path("card");
      return card.isObject() ? Json.MAPPER.treeToValue(card, ModelCard.class) : null;
    }
  }

  /** A card among a job's files; null if it is not there. */
  @Nullable ModelCard card(String job, String name) throws IOException {
    Optional<InputStream> content = artifacts.open(job, name);
    return content.isEmpty() ? null : ModelCard.read(content.get());
  }

  /** The model of a key, which is known or has its card read; null if there is no card. */
  @Nullable ServedModel get(String key, Job job, String file, int epoch, Card card)
      throws IOException {
    synchronized (known) {
      ServedModel model = known.get(key);
      if (model != null) {
        return model;
      }
    }
    ModelCard read = card.read();
    if (read == null) {
      return null;
    }
    ServedModel model = ServedModel.of(job.id(), file, key, epoch, read, outputs(job));
    synchronized (known) {
      known.put(key, model);
    }
    return model;
  }

  private static Loss.Outputs outputs(Job job) {
    Errors errors = new Errors();
    Loss loss = Losses.VOCABULARY.read(job.spec().document().path("loss"), "/loss", errors);
    errors.throwIfAny();
    return Objects.requireNonNull(loss).outputs();
  }
}
