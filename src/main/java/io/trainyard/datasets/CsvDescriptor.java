package io.trainyard.datasets;

import io.trainyard.shared.Shape;

/** A CSV file: how its owner wants it read, and what was found in it. */
public record CsvDescriptor(CsvSpec spec, CsvProfile profile) implements DatasetDescriptor {

  @Override
  public DatasetShape shape() {
    Shape given = spec.inputShape();
    Shape input = given != null ? given : Shape.of(profile.width());
    return new DatasetShape(profile.rows(), input, profile.target());
  }
}
