package io.trainyard.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.datasets.SyntheticSpec;
import io.trainyard.models.layers.Layers;
import io.trainyard.shared.Shape;
import io.trainyard.training.JobDocument;
import io.trainyard.training.TrainedModel;
import io.trainyard.training.TrainingFailure;
import io.trainyard.training.TrainingResult.End;
import io.trainyard.training.djl.DjlTrainingEngine;
import io.trainyard.training.djl.Recorder;
import io.trainyard.training.losses.Losses;
import io.trainyard.training.optimizers.Optimizers;
import io.trainyard.training.schedulers.Schedulers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the service accepts trains, in the real engine, or fails with a reason that is known. */
@AddLifecycleHook(Tries.class)
class JobFuzzTest {
  /** What only the values or the size of a batch tell, and so no check of a document. */
  private static final List<String> REFUSED =
      List.of(
          "all elements of input should be between 0 and 1",
          "all elements of target should be between 0 and 1",
          "needs batches of at least 2 rows",
          "exceeds dimension size",
          "out of range",
          "out of bounds",
          "Class values must be",
          "view size is not compatible",
          // Derivatives that torch does not have.
          "is not differentiable with respect to",
          "derivative for",
          "with a bool tensor is not supported");

  private static final Set<String> TRAINED = new TreeSet<>();
  private static final Map<String, Integer> ENDS = new TreeMap<>();

  @Provide
  Arbitrary<ObjectNode> jobs() {
    return Arbitraries.randomValue(random -> new RandomJobs(random).next());
  }

  @Property(tries = 150)
  void trainsOrFailsWithAKnownReason(@ForAll("jobs") ObjectNode job) {
    JobDocument document = JobDocument.read(job, RandomJobs.NOTHING);
    SyntheticSpec data = (SyntheticSpec) Objects.requireNonNull(document.data());
    Shape output = Objects.requireNonNull(document.summary().outputShape());
    Recorder watch = new Recorder();
    try (TrainedModel model = new DjlTrainingEngine(1).train(document.plan(data), watch)) {
      ENDS.merge(model.result().end().name(), 1, Integer::sum);
      assertThat(watch.epochs).hasSize(model.result().epochs());
      if (model.result().end() != End.DIVERGED) {
        assertThat(watch.epochs).as(job.toString()).allMatch(e -> Double.isFinite(e.trainLoss()));
      }
      int rows = 3;
      float[] outputs = model.predict(new float[(int) (rows * data.input().elements())], rows);
      assertThat(outputs).as(job.toString()).hasSize((int) (rows * output.elements()));
      remember(job);
    } catch (TrainingFailure e) {
      ENDS.merge(e.reason().name(), 1, Integer::sum);
      assertThat(e.reason()).as(job.toString()).isEqualTo(TrainingFailure.Reason.DATA_ERROR);
      assertThat(REFUSED)
          .as(job + ": " + e.getMessage())
          .anyMatch(String.valueOf(e.getMessage())::contains);
    }
  }

  private static void remember(ObjectNode job) {
    job.at("/model/layers").forEach(layer -> TRAINED.add(type(layer)));
    for (String member : List.of("loss", "optimizer", "scheduler")) {
      TRAINED.add(type(job.path(member)));
    }
  }

  private static String type(JsonNode node) {
    return node.path("type").asString("");
  }

  /** A word that is never drawn would be tried by nobody. */
  @AfterContainer
  static void everyWordWasTrained() {
    System.out.println("fuzz: trainings " + ENDS);
    List<String> words = new ArrayList<>(Layers.VOCABULARY.types());
    words.addAll(Losses.VOCABULARY.types());
    words.addAll(Optimizers.VOCABULARY.types());
    words.addAll(Schedulers.VOCABULARY.types());
    assertThat(TRAINED).containsAll(words);
  }
}
