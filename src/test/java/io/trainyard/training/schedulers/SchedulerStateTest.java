package io.trainyard.training.schedulers;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.training.Scheduler;
import io.trainyard.training.TrainingProgress;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rate that goes on from its state, by way of JSON, is the rate that never stopped. */
class SchedulerStateTest {
  private static final String[] DOCUMENTS = {
    "{'type': 'StepLR', 'step_size': 3, 'gamma': 0.7}",
    "{'type': 'MultiStepLR', 'milestones': [2, 2, 9], 'gamma': 0.3}",
    "{'type': 'ExponentialLR', 'gamma': 0.93}",
    "{'type': 'CosineAnnealingLR', 'T_max': 5, 'eta_min': 0.001}",
    "{'type': 'LinearLR', 'total_iters': 7}",
    "{'type': 'ReduceLROnPlateau', 'patience': 1, 'cooldown': 2, 'threshold': 0.1}",
    "{'type': 'ReduceLROnPlateau', 'mode': 'max', 'patience': 0, 'factor': 0.9}"
  };
  private static final double[] LOSSES = {3, 2.9, 2, 2, 2, 1.7, 1.9, 1.8, 1, 1, 1, 1, 1, 0.9, 0.1};

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void goesOnAnywhere(int document) {
    Scheduler scheduler = scheduler(DOCUMENTS[document]);
    for (int stop = 0; stop <= LOSSES.length; stop++) {
      Scheduler.Rate through = scheduler.start(0.1);
      for (int i = 0; i < stop; i++) {
        through.step(LOSSES[i]);
      }
      var state = new TrainingProgress(0, 0, 0, 0, 0, null, through.state());
      Scheduler.Rate resumed = scheduler.start(0.1);
      resumed.restore(
          Objects.requireNonNull(
              Json.parse(Json.write(state), TrainingProgress.class).scheduler()));
      for (int i = stop; i < LOSSES.length; i++) {
        assertThat(resumed.lr()).isEqualTo(through.lr());
        through.step(LOSSES[i]);
        resumed.step(LOSSES[i]);
      }
      assertThat(resumed.lr()).isEqualTo(through.lr());
    }
  }

  @Test
  void everySchedulerIsTried() {
    Set<String> tried = new HashSet<>();
    for (String document : DOCUMENTS) {
      tried.add(Json.MAPPER.readTree(document.replace('\'', '"')).get("type").stringValue());
    }
    assertThat(tried).containsAll(List.copyOf(Schedulers.VOCABULARY.types()));
  }

  private static Scheduler scheduler(String document) {
    Errors errors = new Errors();
    Scheduler read =
        Schedulers.VOCABULARY.read(Json.MAPPER.readTree(document.replace('\'', '"')), "", errors);
    errors.throwIfAny();
    return Objects.requireNonNull(read);
  }
}
