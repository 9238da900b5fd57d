package io.trainyard.datasets;

import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import java.io.IOException;
import java.nio.file.Path;

/** A CSV file: how its owner wants it read, and what was found in it. */
public record CsvDescriptor(CsvSpec spec, CsvProfile profile) implements DatasetDescriptor {

  /**
   * Profiles a file.
   *
   * @throws Problem of kind INVALID with the place in the spec, or {@code /file}, if the file or
   *     the spec's idea of it is wrong
   */
  public static CsvDescriptor of(CsvSpec spec, Path file, DatasetBounds bounds) throws IOException {
    return new CsvDescriptor(spec, CsvProfiler.profile(spec, file, bounds));
  }

  /** The same of a file of any size that can be read. */
  public static CsvDescriptor of(CsvSpec spec, Path file) throws IOException {
    return of(spec, file, DatasetBounds.WIDEST);
  }

  @Override
  public DatasetShape shape() {
    Shape given = spec.inputShape();
    Shape input = given != null ? given : Shape.of(profile.width());
    return new DatasetShape(profile.rows(), input, profile.target());
  }

  @Override
  public String kind() {
    return "csv";
  }
}
