package io.trainyard.jobs.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.trainyard.shared.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class StreamPlacesTest {
  private final StreamPlaces places = new StreamPlaces(3, 2);

  private Problem refused(String client) {
    return Objects.requireNonNull(
        catchThrowableOfType(Problem.class, () -> places.take(client)), "there was a place");
  }

  @Test
  void aClientHasItsNumberAndOthersTheirs() {
    places.take("a");
    places.take("a");

    assertThat(refused("a").kind()).isEqualTo(Problem.Kind.TOO_MANY_REQUESTS);
    assertThat(refused("a").detail()).contains("2", "trainyard.limits.streams-per-client");
    places.take("b");
    assertThat(refused("b").kind()).isEqualTo(Problem.Kind.UNAVAILABLE);
    assertThat(refused("c").detail()).contains("3", "trainyard.limits.streams)");
  }

  @Test
  void aPlaceIsGivenBackOnce() {
    StreamPlaces.Place first = places.take("a");
    places.take("a");
    first.giveBack();
    first.giveBack();

    places.take("a");
    assertThatThrownBy(() -> places.take("a")).isInstanceOf(Problem.class);
  }

  @Test
  void noMoreThanThePlacesAreTakenAtOnce() {
    StreamPlaces many = new StreamPlaces(50, 1000);
    List<CompletableFuture<StreamPlaces.Place>> takers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      takers.add(CompletableFuture.supplyAsync(() -> many.take("a")));
    }
    long taken = takers.stream().filter(StreamPlacesTest::succeeded).count();

    assertThat(taken).isEqualTo(50);
  }

  private static boolean succeeded(CompletableFuture<StreamPlaces.Place> taker) {
    try {
      taker.join();
      return true;
    } catch (CompletionException e) {
      return false;
    }
  }
}
