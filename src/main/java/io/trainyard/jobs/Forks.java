package io.trainyard.jobs;

import io.trainyard.models.ModelDefinition;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Ids;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import io.trainyard.training.JobDocument;
import io.trainyard.training.References;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Jobs made from other jobs. */
@Service
public class Forks {
  private static final Argument<Integer> CHECKPOINT =
      Argument.integer("checkpoint").atLeast(0).optional();
  private static final Argument<JsonNode> DOCUMENT = Argument.json("document").optional();

  private final Jobs jobs;
  private final JobStore store;
  private final CheckpointRepository checkpoints;
  private final CheckpointFiles files;
  private final AbsentJobs absent;
  private final References references;
  private final Ids ids;
  private final Clock clock;

  Forks(
      Jobs jobs,
      JobStore store,
      CheckpointRepository checkpoints,
      CheckpointFiles files,
      AbsentJobs absent,
      References references,
      Ids ids,
      Clock clock) {
    this.jobs = jobs;
    this.store = store;
    this.checkpoints = checkpoints;
    this.files = files;
    this.absent = absent;
    this.references = references;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Puts the same document in the queue again: same seed, same version of its model, same dataset.
   *
   * @throws Problem of kind CONFLICT if the dataset was deleted, QUEUE_FULL if there is no room
   */
  @Transactional
  public Job rerun(String original) {
    Job parent = jobs.get(original);
    PinnedReferences names = new PinnedReferences(references, parent.spec(), Json.object());
    names.requireDataset();
    ObjectNode document = parent.spec().document();
    JobDocument read = jobs.admitted(document, names);
    Lineage lineage = new Lineage(Lineage.Kind.RERUN, original, null);
    return jobs.insert(ids.next("job"), document, read, lineage);
  }

  /**
   * The id for a fork. It is committed before the fork gets its files, so that these are found
   * again if the server dies in between.
   */
  @Transactional
  public String reserve() {
    String id = ids.next("job");
    absent.reserve(id, clock.instant());
    return id;
  }

  /**
   * Puts a job in the queue that goes on from a checkpoint of another one with a changed document.
   *
   * @param id reserved for it
   * @param request {@code {"checkpoint": epoch or null, "document": changes}}
   * @throws Problem of kind INVALID if the request or the changed document is wrong or the
   *     checkpoint does not fit it, CONFLICT if there is no checkpoint, QUEUE_FULL if there is no
   *     room
   */
  @Transactional
  public Job fork(String id, String original, JsonNode request) throws IOException {
    Errors errors = new Errors();
    Arguments members = Arguments.read(request, "", errors, List.of(CHECKPOINT, DOCUMENT));
    errors.throwIfAny();
    ObjectNode changes = changes(Objects.requireNonNull(members).find(DOCUMENT));
    Job parent = jobs.get(original);
    Checkpoint checkpoint = checkpoint(original, members.find(CHECKPOINT));
    PinnedReferences names = new PinnedReferences(references, parent.spec(), changes);
    names.requireDataset();
    ObjectNode document = MergePatch.apply(parent.spec().document(), changes);
    JobDocument read = admitted(document, names);
    if (read.options().epochs() <= checkpoint.epoch()) {
      throw Problem.invalid(
          "/document/epochs",
          "expected more than the " + checkpoint.epoch() + " epochs behind the checkpoint");
    }
    if (changes.has("model")) {
      requireSameTensors(model(parent.spec()), read.model());
    }
    Checkpoint.Files copied = copy(original, checkpoint, id);
    Lineage lineage = new Lineage(Lineage.Kind.FORK, original, checkpoint.epoch());
    Job job = jobs.insert(id, document, read, lineage);
    Instant now = job.spec().createdAt();
    Checkpoint own =
        new Checkpoint(
            checkpoint.epoch(),
            checkpoint.row(),
            0,
            "fork",
            checkpoint.bytes(),
            checkpoint.sha256(),
            false,
            now,
            copied);
    checkpoints.insert(id, own);
    job.checkpointed(own, now);
    store.save(job, null);
    return job;
  }

  private static ObjectNode changes(@Nullable JsonNode document) {
    if (document == null) {
      return Json.object();
    }
    if (document instanceof ObjectNode changes) {
      return changes;
    }
    throw Problem.invalid("/document", "expected an object, got " + Json.describe(document));
  }

  private Checkpoint checkpoint(String job, @Nullable Integer epoch) {
    List<Checkpoint> all = checkpoints.all(job);
    if (all.isEmpty()) {
      throw Problem.conflict("the job has no checkpoint to fork from");
    }
    return (epoch == null ? all.stream().findFirst() : checkpoints.find(job, epoch, null))
        .orElseThrow(
            () ->
                Problem.invalid(
                    "/checkpoint",
                    "expected one of "
                        + String.join(
                            ", ", all.stream().map(c -> Integer.toString(c.epoch())).toList())));
  }

  /** With pointers into the request, where the document is a member. */
  private JobDocument admitted(ObjectNode document, References names) {
    try {
      return jobs.admitted(document, names);
    } catch (Problem e) {
      Errors errors = new Errors();
      e.places().forEach(place -> errors.add("/document" + place.pointer(), place.detail()));
      errors.throwIfAny();
      throw e;
    }
  }

  private ModelDefinition model(JobSpec spec) {
    References.StoredModel stored =
        spec.modelId() == null ? null : references.model(spec.modelId());
    return stored != null
        ? stored.definition()
        : Objects.requireNonNull(
            ModelDefinition.read(spec.document().path("model"), "", new Errors()));
  }

  private static void requireSameTensors(ModelDefinition old, ModelDefinition changed) {
    Map<String, Shape> before = old.tensors();
    Map<String, Shape> after = changed.tensors();
    Errors errors = new Errors();
    before.forEach(
        (name, shape) -> {
          Shape now = after.get(name);
          if (now == null) {
            errors.add("/document/model", "the checkpoint's " + name + " has no place in it");
          } else if (!now.equals(shape)) {
            errors.add("/document/model", name + " is " + shape + " in the checkpoint, not " + now);
          }
        });
    after.keySet().stream()
        .filter(name -> !before.containsKey(name))
        .forEach(name -> errors.add("/document/model", "the checkpoint has no " + name));
    errors.throwIfAny();
  }

  private Checkpoint.Files copy(String from, Checkpoint checkpoint, String to) throws IOException {
    Checkpoint.Files copied =
        files
            .copy(from, checkpoint, to)
            .orElseThrow(
                () ->
                    Problem.conflict(
                        "checkpoint " + checkpoint.epoch() + " has just been deleted; ask again"));
    if (!absent.take(to, clock.instant().minus(JobFiles.RESERVED))) {
      throw Problem.conflict("copying the checkpoint took too long; ask again");
    }
    return copied;
  }
}
