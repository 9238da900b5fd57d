package io.trainyard.training;

import static java.util.Objects.requireNonNull;

import io.trainyard.datasets.DataSource;
import io.trainyard.datasets.DatasetShape;
import io.trainyard.datasets.SyntheticDocument;
import io.trainyard.datasets.Target;
import io.trainyard.models.GradientFlow;
import io.trainyard.models.ModelDefinition;
import io.trainyard.models.ModelSummary;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import io.trainyard.training.losses.Losses;
import io.trainyard.training.optimizers.Optimizers;
import io.trainyard.training.schedulers.Schedulers;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A job document, read and checked as a whole: vocabulary, shapes from the dataset through the
 * model to the loss, and the relations between its members.
 *
 * @param modelId the stored model's id; null for an inline one
 * @param datasetId the stored dataset's id; null for an inline one
 * @param data the inline dataset; null for a stored one
 * @param target the dataset's target as the loss takes it
 * @param options the members that stand for themselves
 */
public record JobDocument(
    @Nullable String modelId,
    ModelDefinition model,
    ModelSummary summary,
    @Nullable String datasetId,
    @Nullable DataSource data,
    DatasetShape shape,
    Target target,
    Loss loss,
    Optimizer optimizer,
    @Nullable Scheduler scheduler,
    JobOptions options) {

  /**
   * Reads a document.
   *
   * @throws Problem of kind INVALID with a JSON pointer for everything that is wrong
   */
  public static JobDocument read(JsonNode document, References references) {
    Errors errors = new Errors();
    Reader reader = new Reader(references, errors);
    JobDocument read = reader.read(document);
    errors.throwIfAny();
    return requireNonNull(read);
  }

  /** How many rows train and how many validate. */
  public Split split() {
    return Split.of(shape.rows(), options.validationFraction());
  }

  /** How many updates an epoch makes. */
  public long stepsPerEpoch() {
    Integer batch = options.batchSize();
    long train = split().train();
    return batch == null ? 1 : (train + batch - 1) / batch;
  }

  /** How much memory the training needs. */
  public MemoryEstimate memory() {
    return MemoryEstimate.of(this);
  }

  /** The same job with a limit of its time, in seconds. */
  public JobDocument within(double seconds) {
    return new JobDocument(
        modelId,
        model,
        summary,
        datasetId,
        data,
        shape,
        target,
        loss,
        optimizer,
        scheduler,
        options.within(seconds));
  }

  /** The plan of this document's training on {@code source}, which is the dataset it names. */
  public TrainingPlan plan(DataSource source) {
    return new TrainingPlan(
        model,
        source,
        loss,
        optimizer,
        scheduler,
        options.epochs(),
        options.batchSize(),
        options.shuffle(),
        options.seed(),
        options.validationFraction(),
        options.metrics(),
        options.earlyStopping(),
        options.gradientClipping(),
        options.device(),
        options.checkpointing());
  }

  /** Reads one document; keeps the errors and what has been resolved so far. */
  private record Reader(References references, Errors errors) {

    @Nullable JobDocument read(JsonNode document) {
      Arguments members = Arguments.read(document, "", errors, JobOptions.MEMBERS);
      if (members == null) {
        // The nested documents are still worth checking, so that all errors come at once.
        readNested(document);
        return null;
      }
      JobOptions options = JobOptions.read(members, errors);
      References.StoredModel model = model(members.get(JobOptions.MODEL));
      JsonNode datasetNode = members.get(JobOptions.DATASET);
      DataSource inline = datasetNode.isObject() ? synthetic(datasetNode) : null;
      References.StoredDataset stored = inline == null ? dataset(datasetNode) : null;
      Loss loss = Losses.VOCABULARY.read(members.get(JobOptions.LOSS), "/loss", errors);
      Optimizer optimizer =
          Optimizers.VOCABULARY.read(members.get(JobOptions.OPTIMIZER), "/optimizer", errors);
      JsonNode schedule = members.find(JobOptions.SCHEDULER);
      Scheduler scheduler =
          schedule == null ? null : Schedulers.VOCABULARY.read(schedule, "/scheduler", errors);
      DatasetShape shape = inline != null ? inline.shape() : stored != null ? stored.shape() : null;
      ModelSummary summary =
          model == null || shape == null
              ? null
              : model.definition().summarize(shape.input(), "/model", errors);
      if (summary == null || shape == null || loss == null) {
        return null;
      }
      Target target = target(loss, requireNonNull(summary.outputShape()), shape);
      if (options == null
          || model == null
          || optimizer == null
          || target == null
          || (schedule != null && scheduler == null)) {
        return null;
      }
      if (summary.parameters() == 0) {
        errors.add("/model/layers", "no layer has parameters: there is nothing to train");
      } else if (!GradientFlow.of(model.definition()).trains()) {
        errors.add(
            "/model/layers", "no gradient comes to any parameter: there is nothing to train");
      }
      options.check(shape, target, errors);
      return new JobDocument(
          model.id().isEmpty() ? null : model.id(),
          model.definition(),
          summary,
          stored == null ? null : stored.id(),
          inline,
          shape,
          target,
          loss,
          optimizer,
          scheduler,
          options);
    }

    private void readNested(JsonNode document) {
      if (document.path("model").isObject()) {
        model(document.get("model"));
      }
      if (document.has("loss")) {
        Losses.VOCABULARY.read(document.get("loss"), "/loss", errors);
      }
      if (document.has("optimizer")) {
        Optimizers.VOCABULARY.read(document.get("optimizer"), "/optimizer", errors);
      }
    }

    private References.@Nullable StoredModel model(JsonNode node) {
      if (node.isObject()) {
        ModelDefinition definition = ModelDefinition.read(node, "/model", errors);
        return definition == null ? null : new References.StoredModel("", definition);
      }
      if (!node.isString()) {
        errors.add("/model", "expected a model's id, its name, name@version, or an object");
        return null;
      }
      References.StoredModel model = references.model(node.stringValue());
      if (model == null) {
        errors.add("/model", "there is no model '" + node.stringValue() + "'");
      }
      return model;
    }

    private @Nullable DataSource synthetic(JsonNode node) {
      SyntheticDocument document = SyntheticDocument.read(node, "/dataset", errors);
      return document == null ? null : document.spec();
    }

    private References.@Nullable StoredDataset dataset(JsonNode node) {
      if (node.isObject()) {
        return null; // an inline one, already read
      }
      if (!node.isString()) {
        errors.add("/dataset", "expected a dataset's id, its name, or a synthetic dataset");
        return null;
      }
      References.StoredDataset dataset = references.dataset(node.stringValue());
      if (dataset == null) {
        errors.add("/dataset", "there is no dataset '" + node.stringValue() + "'");
      }
      return dataset;
    }

    private @Nullable Target target(Loss loss, Shape output, DatasetShape shape) {
      try {
        return loss.accept(output, shape.target());
      } catch (ShapeMismatch e) {
        errors.add("/loss" + e.pointer(), e.detail());
        return null;
      }
    }
  }

  /** Rows to train on and rows to validate on, as torch's random_split counts them. */
  public record Split(long train, long validation) {
    /**
     * With the fractions [1 - fraction, fraction]: each part has its floor, what is left goes to
     * the parts in turn from the first, and two rows or more leave at least one to each.
     */
    public static Split of(long rows, double fraction) {
      if (fraction == 0) {
        return new Split(rows, 0);
      }
      long first = (long) Math.floor(rows * (1 - fraction));
      long left = rows - first - (long) Math.floor(rows * fraction);
      long train = Math.min(first + (left + 1) / 2, rows - 1);
      return new Split(train, rows - train);
    }

    /** Both parts of a list of rows have some. */
    boolean valid() {
      return train > 0;
    }
  }

  /** The metrics there are. */
  static final List<String> METRICS = List.of("accuracy");
}
