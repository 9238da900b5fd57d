package io.trainyard.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.trainyard.datasets.DatasetShape;
import io.trainyard.datasets.Target;
import io.trainyard.models.ModelDefinition;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class JobDocumentTest {
  private static final String LAYERS =
      """
      {"layers": [{"type": "Linear", "in_features": 4, "out_features": 3}]}""";

  /** A model "m" and datasets by their targets' names, each of 10 rows of 4. */
  private static final References STORED =
      new References() {
        @Override
        public @Nullable StoredModel model(String reference) {
          ModelDefinition definition =
              ModelDefinition.read(Json.MAPPER.readTree(LAYERS), "", new Errors());
          return reference.equals("m")
              ? new StoredModel("mdl_1", Objects.requireNonNull(definition))
              : null;
        }

        @Override
        public @Nullable StoredDataset dataset(String reference) {
          Target target =
              switch (reference) {
                case "classes" -> new Target.Classes(3, List.of("a", "b", "c"));
                case "digits" -> new Target.Integers(List.of(3L, 5L, 9L));
                case "prices" -> new Target.Values(Shape.of(1));
                default -> null;
              };
          return target == null
              ? null
              : new StoredDataset("ds_1", new DatasetShape(10, Shape.of(4), target));
        }
      };

  private final ObjectNode job =
      (ObjectNode)
          Json.MAPPER.readTree(
              """
              {"model": "m", "dataset": "classes", "loss": {"type": "CrossEntropyLoss"},
               "optimizer": {"type": "SGD", "lr": 0.1}, "epochs": 2}""");

  private JobDocument read() {
    return JobDocument.read(job, STORED);
  }

  private List<Problem.Place> refused() {
    return catchThrowableOfType(Problem.class, this::read).places();
  }

  @Test
  void resolvesNamesAndFillsInDefaults() {
    JobDocument document = read();

    assertThat(document.modelId()).isEqualTo("mdl_1");
    assertThat(document.datasetId()).isEqualTo("ds_1");
    assertThat(document.options().batchSize()).isNull();
    assertThat(document.options().shuffle()).isFalse();
    assertThat(document.options().device()).isEqualTo("auto");
    assertThat(document.stepsPerEpoch()).isEqualTo(1);
  }

  @Test
  void countsTheRowsOfTheSplitAndTheStepsOfAnEpoch() {
    job.put("batch_size", 3).putObject("validation").put("fraction", 0.25);

    assertThat(read().split()).isEqualTo(new JobDocument.Split(8, 2));
    assertThat(read().stepsPerEpoch()).isEqualTo(3);
  }

  @Test
  void takesIntegersAsClassesWhereTheLossWantsClasses() {
    job.put("dataset", "digits");

    assertThat(read().target()).isEqualTo(new Target.Classes(3, List.of("3", "5", "9")));
  }

  @Test
  void readsASchedulerAndRefusesAWrongOne() {
    job.putObject("scheduler").put("type", "StepLR").put("step_size", 2);
    assertThat(read().scheduler()).isNotNull();

    job.putObject("scheduler").put("type", "StepLR").put("step_size", 0);
    assertThat(refused())
        .extracting(Problem.Place::pointer)
        .containsExactly("/scheduler/step_size");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/model|'nothing'|/model|no model 'nothing'",
        "/model|3|/model|expected a model",
        "/dataset|'nothing'|/dataset|no dataset 'nothing'",
        "/dataset|'prices'|/loss|classes",
        "/model|{'layers': [{'type': 'Linear', 'in_features': 5, 'out_features': 3}]}"
            + "|/model/layers/0/in_features|expected 5, the input gives 4",
        "/model|{'layers': [{'type': 'Linear', 'in_features': 4, 'out_features': 2}]}"
            + "|/loss|the data has 3 classes, the model gives 2 outputs",
        "/model|{'layers': [{'type': 'ReLU'}]}|/model/layers|nothing to train",
        "/model|{'layers': [{'type': 'Linear', 'in_features': 4, 'out_features': 3},"
            + " {'type': 'Custom', 'forward': 'x.sigm()'}]}"
            + "|/model/layers/1/forward|column 3: unknown operator 'sigm'",
        "/model|{'layers': [{'type': 'Custom', 'parameters': {'w': [5, 3]}, 'forward': 'x.mm(w)'}]}"
            + "|/model/layers/0/forward|column 3: mm: shapes [N, 4] and [5, 3] do not fit",
        "/model|{'layers': [{'type': 'Custom', 'parameters': {'w': [4, 3]}, 'forward': 'x.mm(w).sum(0)'}]}"
            + "|/model/layers/0/forward|expected float32 numbers for each of the N rows",
        "/model|{'layers': [{'type': 'Custom', 'parameters': {'w': [4, 3]}, 'forward': 'x.mm(w)',"
            + " 'backward': {'w': 'grad_output'}}]}"
            + "|/model/layers/0/backward/w|expected the shape of w, [4, 3], got [N, 3]",
        "/model|{'layers': [{'type': 'Custom', 'parameters': {'w': [4, 3]}, 'forward': 'x.mm(w)',"
            + " 'backward': {'v': 'grad_output'}}]}"
            + "|/model/layers/0/backward/v|there is no such input; they are x, w",
        "/model|{'layers': [{'type': 'Custom', 'parameters': {'x': [4, 3]}, 'forward': 'x'}]}"
            + "|/model/layers/0/parameters/x|other than x and grad_output",
        "/model|{'layers': [{'type': 'Custom', 'parameters': {'w': [4, 0]}, 'forward': 'x'}]}"
            + "|/model/layers/0/parameters/w/1|at least 1",
        "/model|{'layers': [{'type': 'Linear', 'in_features': 4, 'out_features': 3},"
            + " {'type': 'Custom', 'forward': 'x.detach()'}]}"
            + "|/model/layers|no gradient comes to any parameter",
        "/model|{'layers': [{'type': 'Linear', 'in_features': 4, 'out_features': 3},"
            + " {'type': 'Custom', 'parameters': {'w': [3]}, 'forward': 'x * w', 'backward': {'x': 'grad_output'}},"
            + " {'type': 'Custom', 'forward': 'x.detach()'}]}"
            + "|/model/layers|no gradient comes to any parameter",
        "/loss|{'type': 'Custom', 'expression': '(y_pred - y).sum()'}"
            + "|/loss/expression|column 9: '-': shapes [N, 3] and [N] do not broadcast (y_pred is float32 [N, 3], y is int64 [N])",
        "/loss|{'type': 'Custom', 'expression': 'y_pred.sum(1)'}"
            + "|/loss/expression|expected one float32 number",
        "/loss|{'type': 'Custom', 'expression': 'y_pred.argmax(1).float().mean()'}"
            + "|/loss/expression|has no gradient with respect to y_pred",
        "/metrics|['accuracy', 'recall']|/metrics/1|unknown metric",
        "/validation|{'fraction': 0.5, 'rows': 3}|/validation/rows|unknown",
        "/early_stopping|{'monitor': 'loss', 'patience': 1}|/early_stopping/monitor|one of",
        "/early_stopping|{'patience': 1}|/early_stopping/monitor|needs a validation split",
        "/gradient_clipping|{}|/gradient_clipping|either",
        "/checkpoint|{'every_epochs': 0}|/checkpoint/every_epochs|at least 1",
        "/checkpoint|{'every_seconds': 0.5}|/checkpoint/every_seconds|at least 1",
        "/checkpoint|{'keep': 0}|/checkpoint/keep|at least 1",
        "/checkpoint|{'every': 5}|/checkpoint/every|unknown",
        "/checkpoint|5|/checkpoint|expected an object",
        "/seed|-1|/seed|at least 0",
        "/tags|{'a b': 'c'}|/tags/a b|name",
      })
  void refusesWithThePlace(String member, String value, String pointer, String detail) {
    job.set(member.substring(1), Json.MAPPER.readTree(value.replace('\'', '"')));

    assertThat(refused())
        .singleElement()
        .satisfies(place -> assertThat(place.pointer()).isEqualTo(pointer))
        .satisfies(place -> assertThat(place.detail()).contains(detail));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "null|-|60|2",
        "{}|-|60|2",
        "{'keep': 5}|-|60|5",
        "{'every_epochs': 3}|3|-|2",
        "{'every_seconds': 1.5, 'keep': 1}|-|1.5|1",
        "{'every_epochs': 3, 'every_seconds': 7}|3|7|2",
      })
  void checkpointsByTimeUnlessAskedOtherwise(
      String value, @Nullable Integer epochs, @Nullable Double seconds, int keep) {
    job.set("checkpoint", Json.MAPPER.readTree(value.replace('\'', '"')));

    assertThat(read().options().checkpointing())
        .isEqualTo(new TrainingPlan.Checkpointing(epochs, seconds, keep));
  }

  @Test
  void accuracyNeedsClasses() {
    job.put("dataset", "prices").putObject("loss").put("type", "MSELoss");
    job.set(
        "model",
        Json.MAPPER.readTree(LAYERS.replace("\"out_features\": 3", "\"out_features\": 1")));
    job.putArray("metrics").add("accuracy");

    assertThat(refused()).extracting(Problem.Place::pointer).containsExactly("/metrics/0");
  }

  @Test
  void tellsAllThatIsWrong() {
    job.remove("epochs");
    job.put("unheard", 1);
    job.putObject("loss").put("type", "Loss");
    job.putObject("optimizer").put("type", "SGD").put("lr", -1);

    assertThat(refused())
        .extracting(Problem.Place::pointer)
        .containsExactlyInAnyOrder("/epochs", "/unheard", "/loss/type", "/optimizer/lr");
  }
}
