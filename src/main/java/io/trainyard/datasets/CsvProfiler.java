package io.trainyard.datasets;

import io.trainyard.shared.Errors;
import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Profiles a CSV file in two passes, because only the first can tell which columns' texts are worth
 * keeping. The memory it takes depends on columns and classes, not on rows.
 */
final class CsvProfiler {
  private final CsvSpec spec;
  private final CsvColumns columns;
  private final List<ColumnScan> scans;
  private final List<List<String>> preview = new ArrayList<>();
  private final TreeMap<Integer, ColumnLabels> labels = new TreeMap<>();
  private final Set<Long> integers = new TreeSet<>();
  private long rows;

  private CsvProfiler(CsvSpec spec, CsvColumns columns) {
    this.spec = spec;
    this.columns = columns;
    this.scans = columns.header().stream().map(name -> new ColumnScan()).toList();
  }

  /**
   * Reads the whole file.
   *
   * @throws Problem if the file or the spec's idea of it is wrong
   */
  static CsvProfile profile(CsvSpec spec, Path file) throws IOException {
    CsvProfiler profiler;
    try (CsvRows in = CsvRows.open(Files.newInputStream(file))) {
      profiler = new CsvProfiler(spec, CsvColumns.find(spec, in.header()));
      profiler.scan(in);
    }
    profiler.refuseCells();
    profiler.chooseLabels();
    if (!profiler.labels.isEmpty() || profiler.integerTarget()) {
      try (CsvRows in = CsvRows.open(Files.newInputStream(file))) {
        profiler.collectLabels(in);
      }
      profiler.refuseLabels();
    }
    return profiler.result();
  }

  private void scan(CsvRows in) throws IOException {
    int count = scans.size();
    while (in.next()) {
      rows++;
      for (int i = 0; i < count; i++) {
        scans.get(i).add(in.line(), in.cell(i));
      }
      if (rows <= Limits.PREVIEW_ROWS) {
        List<String> row = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          row.add(Cell.cut(in.cell(i), Limits.PREVIEW_CELL_LENGTH));
        }
        preview.add(row);
      }
      checkSize(columns.features().size());
    }
    if (rows == 0) {
      throw CsvRows.refused("there is a header but no rows");
    }
  }

  private void checkSize(long width) {
    if (rows * width > Limits.ELEMENTS) {
      throw CsvRows.refused(
          rows
              + " rows of "
              + width
              + " input values are more than "
              + Limits.ELEMENTS
              + " numbers, the most that fits a training");
    }
  }

  private void refuseCells() {
    Errors errors = new Errors();
    for (int i = 0; i < scans.size(); i++) {
      ColumnScan scan = scans.get(i);
      ColumnProfile.Role role = columns.role(i);
      if (role == ColumnProfile.Role.IGNORED) {
        continue;
      }
      String name = columns.header().get(i);
      ColumnScan.Found found = scan.firstNotNumber();
      ColumnScan.Found empty = scan.firstEmpty();
      if (scan.kind() != ColumnProfile.Kind.CATEGORY) {
        if (found != null) {
          errors.add(CsvRows.FILE, Cell.refusal(found.line(), name, found.kind(), found.text()));
        }
      } else if (role == ColumnProfile.Role.TARGET && empty != null) {
        errors.add(
            CsvRows.FILE,
            "line " + empty.line() + ", column " + Cell.show(name) + ": the target is empty");
      }
    }
    errors.throwIfAny();
  }

  private boolean integerTarget() {
    return scans.get(columns.target()).kind() == ColumnProfile.Kind.INTEGER;
  }

  private void chooseLabels() {
    ColumnLabels.Budget used = new ColumnLabels.Budget();
    ColumnLabels.Budget ignored = new ColumnLabels.Budget();
    for (int i = 0; i < scans.size(); i++) {
      if (scans.get(i).kind() == ColumnProfile.Kind.CATEGORY) {
        ColumnProfile.Role role = columns.role(i);
        int limit =
            role == ColumnProfile.Role.TARGET ? Limits.TARGET_CLASSES : Limits.FEATURE_CLASSES;
        labels.put(i, new ColumnLabels(limit, role == ColumnProfile.Role.IGNORED ? ignored : used));
      }
    }
  }

  private void collectLabels(CsvRows in) throws IOException {
    boolean integerTarget = integerTarget();
    while (in.next()) {
      for (var entry : labels.entrySet()) {
        entry.getValue().add(in.line(), in.cell(entry.getKey()));
      }
      if (integerTarget && integers.size() <= Limits.TARGET_CLASSES) {
        integers.add(Long.valueOf(in.cell(columns.target())));
      }
    }
  }

  private void refuseLabels() {
    Errors errors = new Errors();
    labels.forEach(
        (column, found) -> {
          String excess = found.excess();
          if (excess != null && columns.role(column) != ColumnProfile.Role.IGNORED) {
            errors.add(
                columns.pointer(spec, column),
                "column " + Cell.show(columns.header().get(column)) + " is no category: " + excess);
          }
        });
    errors.throwIfAny();
  }

  private CsvProfile result() {
    List<ColumnProfile> profiles = new ArrayList<>();
    long width = 0;
    for (int i = 0; i < scans.size(); i++) {
      ColumnProfile profile = column(i);
      profiles.add(profile);
      width += profile.width();
    }
    checkSize(width);
    Shape input = spec.inputShape();
    if (input != null && !fits(input, width)) {
      throw Problem.invalid(
          "/input_shape", input + " does not hold the " + width + " values that the features give");
    }
    return new CsvProfile(rows, (int) width, profiles, target(), preview);
  }

  private static boolean fits(Shape shape, long elements) {
    try {
      return shape.elements() == elements;
    } catch (ArithmeticException e) {
      return false;
    }
  }

  private ColumnProfile column(int index) {
    String name = columns.header().get(index);
    ColumnScan scan = scans.get(index);
    ColumnProfile.Role role = columns.role(index);
    boolean feature = role == ColumnProfile.Role.FEATURE;
    ColumnLabels found = labels.get(index);
    if (found == null) {
      return new ColumnProfile(
          name,
          scan.kind(),
          role,
          feature ? 1 : 0,
          scan.min(),
          scan.max(),
          scan.mean(),
          null,
          null);
    }
    List<String> classes = found.sorted();
    return new ColumnProfile(
        name,
        scan.kind(),
        role,
        feature ? classes.size() : 0,
        null,
        null,
        null,
        found.excess() == null ? (Integer) classes.size() : null,
        feature ? classes : null);
  }

  private Target target() {
    @Nullable ColumnLabels found = labels.get(columns.target());
    if (found != null) {
      List<String> classes = found.sorted();
      return new Target.Classes(classes.size(), classes);
    }
    boolean few = integerTarget() && integers.size() <= Limits.TARGET_CLASSES;
    return few ? new Target.Integers(List.copyOf(integers)) : new Target.Values(Shape.of(1));
  }
}
