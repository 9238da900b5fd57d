package io.trainyard.training.optimizers;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptimizersTest {

  @ParameterizedTest
  @CsvSource({
    "SGD,0.001",
    "Adam,0.001",
    "AdamW,0.001",
    "Adagrad,0.01",
    "RMSprop,0.01",
    "Adadelta,1",
    "Adamax,0.002",
    "NAdam,0.002",
    "RAdam,0.001"
  })
  void learningRatesDefaultToTorchs(String type, double lr) {
    var optimizer = Optimizers.VOCABULARY.read(Json.object().put("type", type), "", new Errors());
    assertThat(Objects.requireNonNull(optimizer).lr()).isEqualTo(lr);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\": \"SGD\", \"lr\": -1} | /optimizer/lr",
        "{\"type\": \"SGD\", \"momentum\": -0.1} | /optimizer/momentum",
        "{\"type\": \"SGD\", \"nesterov\": true} | /optimizer/nesterov",
        "{\"type\": \"SGD\", \"nesterov\": true, \"momentum\": 0.9, \"dampening\": 0.1} | /optimizer/nesterov",
        "{\"type\": \"Adam\", \"betas\": [0.9]} | /optimizer/betas",
        "{\"type\": \"Adam\", \"betas\": [0.9, 1]} | /optimizer/betas",
        "{\"type\": \"Adam\", \"eps\": -1e-8} | /optimizer/eps",
        "{\"type\": \"Adagrad\", \"lr_decay\": -1} | /optimizer/lr_decay",
        "{\"type\": \"RMSprop\", \"alpha\": -1} | /optimizer/alpha"
      })
  void whatTorchRefusesIsRefused(String json, String pointer) {
    Errors errors = new Errors();
    assertThat(
            Optimizers.VOCABULARY.read(
                Json.read(json.getBytes(StandardCharsets.UTF_8)), "/optimizer", errors))
        .isNull();
    assertThat(errors.size()).isEqualTo(1);
    try {
      errors.throwIfAny();
    } catch (Problem e) {
      assertThat(e.places().get(0).pointer()).isEqualTo(pointer);
    }
  }

  @Test
  void nesterovWithMomentumIsAccepted() {
    var node = Json.object().put("type", "SGD").put("nesterov", true).put("momentum", 0.9);
    assertThat(Optimizers.VOCABULARY.read(node, "", new Errors())).isNotNull();
  }
}
