package io.trainyard.serving;

import io.trainyard.jobs.Job;
import io.trainyard.jobs.Jobs;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/** Predictions with the models that jobs have trained. */
@Service
public class Predictions {
  /** Numbers that go to a model at once, or come from it. */
  private static final long MAX_NUMBERS = 1 << 22;

  private static final String INSTANCES_PLACE = "/instances";
  private static final Argument<JsonNode> INSTANCES = Argument.json("instances");
  private static final Argument<JsonNode> CHECKPOINT = Argument.json("checkpoint").optional();

  private final Jobs jobs;
  private final ServedModels models;
  private final Predictor predictor;
  private final ServingProperties properties;
  private final ApplicationEventPublisher publisher;

  Predictions(
      Jobs jobs,
      ServedModels models,
      Predictor predictor,
      ServingProperties properties,
      ApplicationEventPublisher publisher) {
    this.jobs = jobs;
    this.models = models;
    this.predictor = predictor;
    this.properties = properties;
    this.publisher = publisher;
  }

  /** Makes the inputs for a model that they suit. */
  interface Inputs {
    ByteBuffer read(Errors errors);
  }

  /**
   * Predicts with a job's model.
   *
   * @param request {@code {"instances": [row, …], "checkpoint": epoch, "best" or "last"}}
   * @throws Problem of kind INVALID with a pointer for everything that is wrong with the request,
   *     CONFLICT if the job has no such model, and as {@link Predictor#predict}
   */
  public Predicted predict(String jobId, JsonNode request) throws IOException {
    Errors errors = new Errors();
    Job job = jobs.get(jobId);
    Arguments members = Arguments.read(request, "", errors, List.of(INSTANCES, CHECKPOINT));
    errors.throwIfAny();
    Choice choice = Choice.read(Objects.requireNonNull(members).find(CHECKPOINT), "/checkpoint");
    ServedModel model = models.find(job, choice, "/checkpoint");
    JsonNode rows = members.get(INSTANCES);
    if (!rows.isArray() || rows.isEmpty()) {
      throw Problem.invalid(
          INSTANCES_PLACE,
          "expected an array of rows, got "
              + (rows.isArray() ? "an empty one" : Json.describe(rows)));
    }
    return predict(
        model,
        rows.size(),
        INSTANCES_PLACE,
        problems -> Instances.read(rows, model.card(), INSTANCES_PLACE, problems));
  }

  /**
   * Predicts with a model.
   *
   * @param pointer of the rows in the request
   */
  Predicted predict(ServedModel model, int rows, String pointer, Inputs inputs) {
    long asked = System.nanoTime();
    String outcome = PredictionEnded.FAILED;
    try {
      checkSize(model, rows, pointer);
      Errors errors = new Errors();
      ByteBuffer read = inputs.read(errors);
      errors.throwIfAny();
      ByteBuffer outputs = predictor.predict(model, rows, read);
      outcome = PredictionEnded.DONE;
      return new Predicted(
          model, rows, outputs.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
    } catch (Problem e) {
      outcome = e.kind().code();
      throw e;
    } finally {
      publisher.publishEvent(
          new PredictionEnded(outcome, rows, Duration.ofNanos(System.nanoTime() - asked)));
    }
  }

  private void checkSize(ServedModel model, int rows, String pointer) {
    long most =
        Math.min(
            properties.maxInstances(),
            Math.min(
                MAX_NUMBERS / Math.max(1, Math.max(model.width(), model.output().elements())),
                properties.memory().toBytes() / Math.max(1, model.rowBytes())));
    if (rows > most) {
      throw Problem.invalid(
          pointer, "%d are too many at once for this model, at most %d".formatted(rows, most));
    }
  }
}
