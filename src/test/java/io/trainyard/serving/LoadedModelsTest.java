package io.trainyard.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.runner.protocol.PredictorReply;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which models make room for others. */
class LoadedModelsTest {
  private final LoadedModels models = new LoadedModels(10);

  private void add(String key, long bytes) {
    models.add(key, bytes, CompletableFuture.completedFuture(new PredictorReply.Done()));
  }

  @Test
  void thoseNotUsedForLongestGoFirst() {
    add("a", 4);
    add("b", 4);
    assertThat(models.use("a")).isCompleted();

    assertThat(models.makeRoom(3)).containsExactly("b");
    add("c", 3);
    assertThat(models.use("b")).isNull();
    assertThat(models.bytes()).isEqualTo(7);
    assertThat(models.makeRoom(9)).containsExactly("a", "c");
    assertThat(models.bytes()).isZero();
    assertThat(models.count()).isZero();
  }

  @Test
  void nothingGoesWhileThereIsRoom() {
    add("a", 4);
    add("b", 4);

    assertThat(models.makeRoom(2)).isEmpty();
    assertThat(models.count()).isEqualTo(2);
  }

  @Test
  void aLookIsNoUse() {
    add("a", 5);
    add("b", 5);
    assertThat(models.look("a")).isCompleted();
    assertThat(models.look("c")).isNull();

    assertThat(models.makeRoom(1)).containsExactly("a");
  }

  @Test
  void whatIsRemovedTakesNoRoom() {
    add("a", 10);
    models.remove("a");
    models.remove("a");

    assertThat(models.bytes()).isZero();
    assertThat(models.use("a")).isNull();
  }
}
