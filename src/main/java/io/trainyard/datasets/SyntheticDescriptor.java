package io.trainyard.datasets;

import org.jspecify.annotations.Nullable;

/** A dataset without a file. */
public record SyntheticDescriptor(SyntheticSpec spec) implements DatasetDescriptor {
  @Override
  public DatasetShape shape() {
    return spec.shape();
  }

  @Override
  public @Nullable FileSpec file() {
    return null;
  }

  @Override
  public String kind() {
    return "synthetic";
  }
}
