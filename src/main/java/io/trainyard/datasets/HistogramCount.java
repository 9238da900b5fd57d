package io.trainyard.datasets;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** Counts the cells of one column. */
interface HistogramCount {

  /** Takes the cell of a row; one that is not what the column holds is passed over. */
  void add(CsvRow row, int column);

  Histograms.Histogram result();

  static HistogramCount of(ColumnProfile column) {
    Double min = column.min();
    Double max = column.max();
    if (column.kind() == ColumnProfile.Kind.CATEGORY || min == null || max == null) {
      return new Texts(column.name());
    }
    boolean few = column.kind() == ColumnProfile.Kind.INTEGER && max - min < Texts.SHOWN;
    return few
        ? new Whole(column.name(), min.longValue(), max.longValue())
        : new Parts(column.name(), min, max);
  }

  /** Numbers in parts of equal width. */
  final class Parts implements HistogramCount {
    private static final int PARTS = 24;

    private final String name;
    private final double min;
    private final double width;
    private final long[] counts;

    Parts(String name, double min, double max) {
      this.name = name;
      this.min = min;
      this.width = (max - min) / PARTS;
      this.counts = new long[PARTS];
    }

    @Override
    public void add(CsvRow row, int column) {
      if (row.read(column).finite()) {
        int part = width > 0 ? (int) ((row.number().value() - min) / width) : 0;
        counts[Math.max(0, Math.min(PARTS - 1, part))]++;
      }
    }

    @Override
    public Histograms.Histogram result() {
      List<Double> edges = new ArrayList<>();
      for (int i = 0; i <= PARTS; i++) {
        edges.add(min + i * width);
      }
      return new Histograms.Histogram(
          name, LongStream.of(counts).boxed().toList(), edges, null, null);
    }
  }

  /** A few whole numbers, each by itself. */
  final class Whole implements HistogramCount {
    private final String name;
    private final long min;
    private final long[] counts;

    Whole(String name, long min, long max) {
      this.name = name;
      this.min = min;
      this.counts = new long[(int) (max - min) + 1];
    }

    @Override
    public void add(CsvRow row, int column) {
      if (row.read(column) == Cell.Kind.INTEGER) {
        long at = row.number().whole() - min;
        if (at >= 0 && at < counts.length) {
          counts[(int) at]++;
        }
      }
    }

    @Override
    public Histograms.Histogram result() {
      List<String> labels =
          LongStream.range(min, min + counts.length).mapToObj(Long::toString).toList();
      return new Histograms.Histogram(
          name, LongStream.of(counts).boxed().toList(), null, labels, 0L);
    }
  }

  /** Texts: all in sorted order, or where they are many, the most frequent ones. */
  final class Texts implements HistogramCount {
    static final int SHOWN = 24;
    private static final int KEPT = 1000;
    private static final int LENGTH = 60;

    private final String name;
    private final Map<String, Long> counts = new HashMap<>();
    private long other;

    Texts(String name) {
      this.name = name;
    }

    @Override
    public void add(CsvRow row, int column) {
      String text = Cell.cut(row.text(column), LENGTH);
      if (counts.size() < KEPT || counts.containsKey(text)) {
        counts.merge(text, 1L, Long::sum);
      } else {
        other++;
      }
    }

    @Override
    public Histograms.Histogram result() {
      List<Map.Entry<String, Long>> entries = new ArrayList<>(counts.entrySet());
      entries.sort(
          Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
              .thenComparing(Map.Entry.comparingByKey()));
      Set<String> shown = new HashSet<>();
      long left = other;
      for (Map.Entry<String, Long> entry : entries) {
        if (shown.size() < SHOWN) {
          shown.add(entry.getKey());
        } else {
          left += entry.getValue();
        }
      }
      List<String> labels = shown.stream().sorted().toList();
      List<Long> numbers = labels.stream().map(label -> counts.getOrDefault(label, 0L)).toList();
      return new Histograms.Histogram(name, numbers, null, labels, left);
    }
  }
}
