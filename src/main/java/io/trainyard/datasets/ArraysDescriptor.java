package io.trainyard.datasets;

import io.trainyard.shared.Shape;

/** A file of arrays: how its owner wants it read, and what was found in it. */
public record ArraysDescriptor(ArraysSpec spec, ArraysProfile profile)
    implements DatasetDescriptor {

  @Override
  public DatasetShape shape() {
    Shape given = spec.inputShape();
    Shape input = given != null ? given : profile.x().row();
    return new DatasetShape(profile.x().rows(), input, profile.target());
  }

  @Override
  public FileSpec file() {
    return spec;
  }

  @Override
  public String kind() {
    return spec.format();
  }
}
