package io.trainyard.datasets;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one column of a file holds.
 *
 * @param width the inputs that a feature's cell becomes: 1 for a number, one for each class of a
 *     category; 0 for a column that is no feature
 * @param min of numbers, as mean and max; null for a category
 * @param distinct how many different texts a category has; null for numbers and where they are too
 *     many to count
 * @param classes of a category that is a feature, in sorted order; else null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ColumnProfile(
    String name,
    Kind kind,
    Role role,
    int width,
    @Nullable Double min,
    @Nullable Double max,
    @Nullable Double mean,
    @Nullable Integer distinct,
    @Nullable List<String> classes) {

  /**
   * What the cells are. A column is of numbers if more than half of its cells that are not empty
   * are numbers, whole ones if all of them are whole; then any other cell in it, an empty one too,
   * is an error (where the column is used). Every other column is a category.
   */
  public enum Kind {
    NUMERIC,
    INTEGER,
    CATEGORY;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What the column is for. */
  public enum Role {
    TARGET,
    FEATURE,
    IGNORED;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
