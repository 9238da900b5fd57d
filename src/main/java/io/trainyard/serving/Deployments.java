package io.trainyard.serving;

import io.trainyard.access.CurrentCaller;
import io.trainyard.artifacts.Artifact;
import io.trainyard.artifacts.ArtifactStore;
import io.trainyard.jobs.Job;
import io.trainyard.jobs.Jobs;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Ids;
import io.trainyard.shared.Json;
import io.trainyard.shared.Names;
import io.trainyard.shared.Page;
import io.trainyard.shared.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/**
 * Models under names. A deployment has its own copy of what it serves, so that neither a job that
 * goes on nor the retention of checkpoints changes it.
 */
@Service
public class Deployments {
  private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);
  private static final Argument<String> JOB = Argument.text("job");
  private static final Argument<JsonNode> CHECKPOINT = Argument.json("checkpoint").optional();
  private static final String TENSORS = ".safetensors";
  private static final String CARD = ".json";

  private final DeploymentRepository rows;
  private final Jobs jobs;
  private final ServedModels models;
  private final Predictor predictor;
  private final ArtifactStore artifacts;
  private final TransactionTemplate transaction;
  private final CurrentCaller caller;
  private final Ids ids;
  private final Clock clock;

  Deployments(
      DeploymentRepository rows,
      Jobs jobs,
      ServedModels models,
      Predictor predictor,
      ArtifactStore artifacts,
      TransactionTemplate transaction,
      CurrentCaller caller,
      Ids ids,
      Clock clock) {
    this.rows = rows;
    this.jobs = jobs;
    this.models = models;
    this.predictor = predictor;
    this.artifacts = artifacts;
    this.transaction = transaction;
    this.caller = caller;
    this.ids = ids;
    this.clock = clock;
  }

  /** Whether a deployment can answer. */
  public enum State {
    READY,
    /** Its model is being brought into memory. */
    LOADING,
    /** The last try to load its model failed; the next request tries again. */
    FAILED
  }

  /**
   * A deployment on this server.
   *
   * @param loaded whether its model is in memory; if not, the first request loads it
   * @param error of a failed one, else null
   */
  public record Status(
      Deployment deployment, State state, boolean loaded, @Nullable String error) {}

  /**
   * What a request for a deployment did.
   *
   * @param created false if it replaced another one
   */
  public record Stored(Deployment deployment, boolean created) {}

  /**
   * Deploys a model under a name, in place of the one that is there. Requests go to the old one
   * until the new one is loaded, and to the new one from then on.
   *
   * @param request {@code {"job": id, "checkpoint": epoch, "best" or "last"}}
   * @throws Problem of kind INVALID if the request is wrong, CONFLICT if the job has no such model
   *     or it cannot be loaded
   */
  public Stored put(String name, JsonNode request) throws IOException {
    Errors errors = new Errors();
    if (!Names.isName(name)) {
      throw new Problem(
          Problem.Kind.INVALID,
          "a deployment's name is a letter or digit, then up to 99 letters, digits, dots, dashes or"
              + " underscores");
    }
    Arguments members = Arguments.read(request, "", errors, List.of(JOB, CHECKPOINT));
    errors.throwIfAny();
    Job job = job(Objects.requireNonNull(members).get(JOB));
    Choice choice = Choice.read(members.find(CHECKPOINT), "/checkpoint");
    ServedModel trained = models.find(job, choice, "/checkpoint");
    String file = Artifact.DEPLOYMENT + ids.next("").substring(1) + TENSORS;
    boolean kept = false;
    try {
      copy(trained, file);
      Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
      Deployment fresh =
          new Deployment(
              caller.get().owner(), name, 1, job.id(), choice, trained.epoch(), file, now, now);
      predictor.load(model(fresh, job));
      Optional<Deployment> before = store(fresh);
      kept = true;
      before.ifPresent(this::removeFiles);
      Deployment stored = rows.find(fresh.owner(), name).orElse(fresh);
      return new Stored(stored, before.isEmpty());
    } finally {
      if (!kept) {
        removeFiles(job.id(), file);
        predictor.forget(job.id() + "/" + file);
      }
    }
  }

  private Job job(String id) {
    try {
      return jobs.get(id);
    } catch (Problem e) {
      throw e.kind() == Problem.Kind.NOT_FOUND ? Problem.invalid("/job", e.detail()) : e;
    }
  }

  private void copy(ServedModel trained, String file) throws IOException {
    if (artifacts.copy(trained.job(), trained.file(), trained.job(), file).isEmpty()) {
      throw Problem.conflict("the model has just been deleted; ask again");
    }
    byte[] card = Json.MAPPER.writeValueAsBytes(trained.card());
    artifacts.put(trained.job(), card(file), new ByteArrayInputStream(card));
  }

  /** Returns the one that was there. */
  private Optional<Deployment> store(Deployment fresh) {
    try {
      return Objects.requireNonNull(
          transaction.execute(
              status -> {
                Optional<Deployment> before = rows.lock(fresh.owner(), fresh.name());
                if (before.isEmpty()) {
                  rows.insert(fresh);
                } else {
                  rows.update(
                      new Deployment(
                          fresh.owner(),
                          fresh.name(),
                          before.get().revision() + 1,
                          fresh.job(),
                          fresh.choice(),
                          fresh.epoch(),
                          fresh.file(),
                          before.get().createdAt(),
                          fresh.updatedAt()));
                }
                return before;
              }));
    } catch (DuplicateKeyException e) {
      throw e; // another request was quicker; the client is told so
    } catch (DataIntegrityViolationException e) {
      throw Problem.conflict("the job " + fresh.job() + " has just been deleted");
    }
  }

  /**
   * The caller's deployment of a name.
   *
   * @throws Problem of kind NOT_FOUND if there is none
   */
  public Deployment get(String name) {
    return rows.find(caller.get().owner(), name)
        .orElseThrow(() -> Problem.notFound("deployment", name));
  }

  /** The caller's, ordered by name. */
  public Page<Deployment> list(int limit, @Nullable String after) {
    return Page.of(rows.list(caller.get().owner(), limit + 1, after), limit, Deployment::name);
  }

  /**
   * Ends a deployment. Its job stays.
   *
   * @throws Problem of kind NOT_FOUND if there is none
   */
  public void delete(String name) {
    Deployment deployment = get(name);
    if (!rows.delete(deployment.owner(), name)) {
      throw Problem.notFound("deployment", name);
    }
    removeFiles(deployment);
  }

  public Status status(Deployment deployment) {
    String key = key(deployment);
    return switch (predictor.state(key)) {
      case LOADED -> new Status(deployment, State.READY, true, null);
      case LOADING -> new Status(deployment, State.LOADING, false, null);
      case AWAY -> new Status(deployment, State.READY, false, null);
      case FAILED -> new Status(deployment, State.FAILED, false, predictor.failure(key));
    };
  }

  /**
   * The model of a deployment.
   *
   * @throws Problem of kind CONFLICT if its files are gone
   */
  public ServedModel model(Deployment deployment) throws IOException {
    return model(deployment, jobs.get(deployment.job()));
  }

  private ServedModel model(Deployment deployment, Job job) throws IOException {
    ServedModel model =
        models.get(
            key(deployment),
            job,
            deployment.file(),
            deployment.epoch(),
            () -> models.card(job.id(), card(deployment.file())));
    if (model == null) {
      throw Problem.conflict("the files of deployment '" + deployment.name() + "' are gone");
    }
    return model;
  }

  private static String key(Deployment deployment) {
    return deployment.job() + "/" + deployment.file();
  }

  private static String card(String tensors) {
    return tensors.replace(TENSORS, CARD);
  }

  /** Other servers may just be loading it; they are told to ask again. */
  private void removeFiles(Deployment deployment) {
    removeFiles(deployment.job(), deployment.file());
    predictor.forget(key(deployment));
  }

  private void removeFiles(String job, String file) {
    for (String name : List.of(file, card(file))) {
      try {
        artifacts.delete(job, name);
      } catch (IOException e) {
        LOG.warn("{} of {} cannot be deleted: {}", name, job, e.toString());
      }
    }
  }
}
