package io.trainyard.datasets;

/** A dataset without a file. */
public record SyntheticDescriptor(SyntheticSpec spec) implements DatasetDescriptor {
  @Override
  public DatasetShape shape() {
    return spec.shape();
  }

  @Override
  public String kind() {
    return "synthetic";
  }
}
