package io.trainyard.datasets;

import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a spec's columns are in a file.
 *
 * @param target an index into the header
 * @param features indices into the header, in the order of the inputs
 */
record CsvColumns(List<String> header, int target, List<Integer> features) {

  /**
   * Finds the columns.
   *
   * @throws io.trainyard.shared.Problem with all that is missing
   */
  static CsvColumns find(CsvSpec spec, List<String> header) {
    Errors errors = new Errors();
    int target = header.indexOf(spec.target());
    if (target < 0) {
      errors.add("/target", missing(spec.target(), header));
    }
    List<Integer> features = new ArrayList<>();
    if (spec.features() == null) {
      for (int i = 0; i < header.size(); i++) {
        if (i != target) {
          features.add(i);
        }
      }
      if (features.isEmpty()) {
        errors.add(FileRefusal.FILE, "there is no column besides the target");
      }
    } else {
      for (int i = 0; i < spec.features().size(); i++) {
        String name = spec.features().get(i);
        int index = header.indexOf(name);
        if (index < 0) {
          errors.add(Json.pointer("/features", i), missing(name, header));
        }
        features.add(index);
      }
    }
    errors.throwIfAny();
    return new CsvColumns(header, target, features);
  }

  ColumnProfile.Role role(int column) {
    return column == target
        ? ColumnProfile.Role.TARGET
        : features.contains(column) ? ColumnProfile.Role.FEATURE : ColumnProfile.Role.IGNORED;
  }

  /** The place in the document that chose a column, else the file. */
  String pointer(CsvSpec spec, int column) {
    if (column == target) {
      return "/target";
    }
    int feature = features.indexOf(column);
    return spec.features() == null || feature < 0
        ? FileRefusal.FILE
        : Json.pointer("/features", feature);
  }

  private static String missing(String name, List<String> header) {
    String columns = Cell.cut(String.join(", ", header), 300);
    return "the file has no column " + Cell.show(name) + "; its columns are " + columns;
  }
}
