package io.trainyard.datasets;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the cells of each column are distributed, for people to look at.
 *
 * @param rows how many of the file's rows were counted, from the first
 */
public record Histograms(long rows, List<Histogram> columns) {
  /** So that a file of gigabytes is answered for in the time of a small one. */
  private static final int MOST_ROWS = 100_000;

  /**
   * One column: numbers in parts of equal width, or texts and few whole numbers one by one.
   *
   * @param counts one for each part or label
   * @param edges of the parts, one more than there are counts; null where there are labels
   * @param labels in their order; null where there are edges
   * @param other cells whose labels are too many to be shown; null where there are edges
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Histogram(
      String name,
      List<Long> counts,
      @Nullable List<Double> edges,
      @Nullable List<String> labels,
      @Nullable Long other) {}

  /**
   * Counts.
   *
   * @param in the file as it was uploaded; closed at the end
   */
  static Histograms of(InputStream in, CsvDescriptor descriptor) throws IOException {
    List<HistogramCount> counts = new ArrayList<>();
    descriptor.profile().columns().forEach(column -> counts.add(HistogramCount.of(column)));
    long read = 0;
    try (CsvRows source = CsvRows.open(in)) {
      while (read < MOST_ROWS && source.next()) {
        read++;
        CsvRow row = source.row();
        for (int i = 0; i < counts.size(); i++) {
          counts.get(i).add(row, i);
        }
      }
    }
    return new Histograms(read, counts.stream().map(HistogramCount::result).toList());
  }
}
