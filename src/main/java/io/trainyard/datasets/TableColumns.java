package io.trainyard.datasets;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table as its model sees them; it travels with the model.
 *
 * @param features in the order of the inputs
 * @param target the predicted one
 */
public record TableColumns(List<Column> features, Column target) {

  /**
   * One column.
   *
   * @param classes of a category that is a feature, in the order of its inputs; else null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Column(String name, ColumnProfile.Kind kind, @Nullable List<String> classes) {
    /** The inputs that a cell becomes. */
    public int width() {
      return classes == null ? 1 : classes.size();
    }
  }

  /** The inputs that a row becomes. */
  public int width() {
    return features.stream().mapToInt(Column::width).sum();
  }
}
