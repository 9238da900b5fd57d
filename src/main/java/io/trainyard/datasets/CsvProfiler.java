package io.trainyard.datasets;

import io.trainyard.shared.Errors;
import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Profiles a CSV file, mostly in one pass: the texts of a column are kept as long as it has no
 * number. Where that was a wrong guess, which only the whole file can tell, a second pass collects
 * them. The memory it takes depends on columns and classes, not on rows.
 */
final class CsvProfiler {
  private final CsvSpec spec;
  private final DatasetBounds bounds;
  private final CsvColumns columns;
  private final List<ColumnScan> scans;
  private final List<List<String>> preview = new ArrayList<>();
  private final @Nullable ColumnLabels[] labels;
  private final Set<Long> integers = new HashSet<>();
  private boolean guessed = true;
  private long rows;

  private CsvProfiler(CsvSpec spec, CsvColumns columns, DatasetBounds bounds) {
    this.spec = spec;
    this.bounds = bounds;
    this.columns = columns;
    this.scans = columns.header().stream().map(name -> new ColumnScan()).toList();
    this.labels = new @Nullable ColumnLabels[scans.size()];
    chooseLabels(column -> true);
  }

  /**
   * Reads the whole file.
   *
   * @throws Problem if the file or the spec's idea of it is wrong
   */
  static CsvProfile profile(CsvSpec spec, Path file, DatasetBounds bounds) throws IOException {
    CsvProfiler profiler;
    try (CsvRows in = CsvRows.open(Files.newInputStream(file), bounds)) {
      if (in.header().size() > bounds.columns()) {
        throw beyond("columns", bounds.columns());
      }
      profiler = new CsvProfiler(spec, CsvColumns.find(spec, in.header()), bounds);
      profiler.scan(in);
    }
    profiler.refuseCells();
    if (!profiler.hasLabels()) {
      profiler.chooseLabels(column -> profiler.kind(column) == ColumnProfile.Kind.CATEGORY);
      try (CsvRows in = CsvRows.open(Files.newInputStream(file))) {
        profiler.collectLabels(in);
      }
    }
    profiler.refuseLabels();
    return profiler.result();
  }

  private void scan(CsvRows in) throws IOException {
    int count = scans.size();
    while (in.next()) {
      rows++;
      if (rows > bounds.rows()) {
        throw beyond("rows", bounds.rows());
      }
      CsvRow row = in.row();
      for (int i = 0; i < count; i++) {
        Cell.Kind kind = scans.get(i).add(row, i);
        if (labels[i] != null) {
          guess(row, i, kind);
        }
        if (i == columns.target() && kind == Cell.Kind.INTEGER) {
          addInteger(row.number().whole());
        }
      }
      if (rows <= Limits.PREVIEW_ROWS) {
        preview.add(
            row.texts().stream().map(s -> Cell.cut(s, Limits.PREVIEW_CELL_LENGTH)).toList());
      }
      checkSize(columns.features().size());
    }
    if (rows == 0) {
      throw FileRefusal.of("there is a header but no rows");
    }
  }

  private static Problem beyond(String what, long most) {
    return FileRefusal.of("the file has " + DatasetBounds.beyond(what, most, what));
  }

  private void guess(CsvRow row, int column, Cell.Kind kind) {
    ColumnLabels found = Objects.requireNonNull(labels[column]);
    if (kind == Cell.Kind.TEXT || kind == Cell.Kind.EMPTY) {
      found.add(row.line(), row.text(column));
      return;
    }
    // What it took may have been too much together with those of others.
    guessed &= found.isEmpty();
    found.forget();
    labels[column] = null;
  }

  private void addInteger(long number) {
    if (integers.size() <= Limits.TARGET_CLASSES) {
      integers.add(number);
    }
  }

  private void checkSize(long width) {
    if (rows * width > Limits.ELEMENTS) {
      throw FileRefusal.of(
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
          errors.add(
              FileRefusal.FILE, Cell.refusal(found.line(), name, found.kind(), found.text()));
        }
      } else if (role == ColumnProfile.Role.TARGET && empty != null) {
        errors.add(
            FileRefusal.FILE,
            "line " + empty.line() + ", column " + Cell.show(name) + ": the target is empty");
      }
    }
    errors.throwIfAny();
  }

  private ColumnProfile.Kind kind(int column) {
    return scans.get(column).kind();
  }

  /** Whether the one pass was enough. */
  private boolean hasLabels() {
    for (int i = 0; i < labels.length; i++) {
      ColumnLabels found = labels[i];
      boolean lost = found == null && kind(i) == ColumnProfile.Kind.CATEGORY;
      if (lost || (!guessed && found != null && found.excess() != null)) {
        return false;
      }
    }
    return true;
  }

  private void chooseLabels(IntPredicate which) {
    ColumnLabels.Budget used = new ColumnLabels.Budget();
    ColumnLabels.Budget ignored = new ColumnLabels.Budget();
    for (int i = 0; i < labels.length; i++) {
      ColumnProfile.Role role = columns.role(i);
      int limit =
          role == ColumnProfile.Role.TARGET ? Limits.TARGET_CLASSES : Limits.FEATURE_CLASSES;
      ColumnLabels.Budget budget = role == ColumnProfile.Role.IGNORED ? ignored : used;
      labels[i] = which.test(i) ? new ColumnLabels(limit, budget) : null;
    }
  }

  private void collectLabels(CsvRows in) throws IOException {
    while (in.next()) {
      CsvRow row = in.row();
      for (int i = 0; i < labels.length; i++) {
        ColumnLabels found = labels[i];
        if (found != null) {
          found.add(row.line(), row.text(i));
        }
      }
    }
  }

  private void refuseLabels() {
    Errors errors = new Errors();
    for (int i = 0; i < labels.length; i++) {
      String excess = labels[i] == null ? null : labels[i].excess();
      if (excess != null && columns.role(i) != ColumnProfile.Role.IGNORED) {
        errors.add(
            columns.pointer(spec, i),
            "column " + Cell.show(columns.header().get(i)) + " is no category: " + excess);
      }
    }
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
    if (input != null) {
      FileArguments.checkShape(input, width, "the features give");
    }
    return new CsvProfile(rows, (int) width, profiles, target(), preview);
  }

  private ColumnProfile column(int index) {
    String name = columns.header().get(index);
    ColumnScan scan = scans.get(index);
    ColumnProfile.Role role = columns.role(index);
    boolean feature = role == ColumnProfile.Role.FEATURE;
    ColumnLabels found = labels[index];
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
    ColumnLabels found = labels[columns.target()];
    if (found != null) {
      List<String> classes = found.sorted();
      return new Target.Classes(classes.size(), classes);
    }
    boolean whole = kind(columns.target()) == ColumnProfile.Kind.INTEGER;
    return whole && integers.size() <= Limits.TARGET_CLASSES
        ? new Target.Integers(integers.stream().sorted().toList())
        : new Target.Values(Shape.of(1));
  }
}
