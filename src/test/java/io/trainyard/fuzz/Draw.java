package io.trainyard.fuzz;

import java.util.List;
import java.util.Random;

/** Choices by chance. */
public record Draw(Random random) {

  /** From {@code least} to {@code most}, both included. */
  public int number(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  public double real(double least, double most) {
    return least + random.nextDouble() * (most - least);
  }

  public boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  public <T> T of(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  @SafeVarargs
  public final <T> T of(T... values) {
    return values[random.nextInt(values.length)];
  }
}
