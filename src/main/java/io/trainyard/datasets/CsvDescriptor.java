package io.trainyard.datasets;

import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

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

  /** The columns that become inputs, and the target. */
  public TableColumns columns() {
    List<ColumnProfile> all = profile.columns();
    CsvColumns places = CsvColumns.find(spec, all.stream().map(ColumnProfile::name).toList());
    return new TableColumns(
        places.features().stream().map(place -> column(all.get(place))).toList(),
        column(all.get(places.target())));
  }

  private static TableColumns.Column column(ColumnProfile profile) {
    return new TableColumns.Column(profile.name(), profile.kind(), profile.classes());
  }

  @Override
  public FileSpec file() {
    return spec;
  }

  @Override
  public String kind() {
    return "csv";
  }
}
