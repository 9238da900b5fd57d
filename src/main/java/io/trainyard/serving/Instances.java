package io.trainyard.serving;

import io.trainyard.datasets.ColumnProfile.Kind;
import io.trainyard.datasets.TableColumns;
import io.trainyard.datasets.TableColumns.Column;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.training.ModelCard;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads rows as the model's inputs: objects by column name, arrays of cells in the order of the
 * columns, or arrays of the inputs themselves, flat or in the input's shape.
 */
final class Instances {
  private static final int SHOWN_CLASSES = 10;

  private final ModelCard card;
  private final @Nullable TableColumns columns;
  private final int width;
  private final boolean categories;
  private final Errors errors;
  private final ByteBuffer inputs;

  private Instances(ModelCard card, int rows, Errors errors) {
    this.card = card;
    this.columns = card.columns();
    this.width = Math.toIntExact(card.inputShape().elements());
    this.categories =
        columns != null && columns.features().stream().anyMatch(c -> c.classes() != null);
    this.errors = errors;
    this.inputs =
        ByteBuffer.allocate(Math.multiplyExact(rows * Float.BYTES, width))
            .order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads an array of rows.
   *
   * @return the inputs as float32, little endian; of no use if there were errors
   */
  static ByteBuffer read(JsonNode rows, ModelCard card, String pointer, Errors errors) {
    Instances instances = new Instances(card, rows.size(), errors);
    for (int i = 0; i < rows.size(); i++) {
      instances.inputs.position(i * instances.width * Float.BYTES);
      instances.row(rows.get(i), Json.pointer(pointer, i));
    }
    return instances.inputs.rewind();
  }

  private void row(JsonNode row, String pointer) {
    if (row.isObject()) {
      if (columns == null) {
        errors.add(pointer, "the model was trained without columns: expected an array " + shape());
      } else {
        named(row, columns, pointer);
      }
    } else if (!row.isArray()) {
      errors.add(pointer, "expected an object or an array, got " + Json.describe(row));
    } else if (columns != null && isCells(row, columns)) {
      for (int i = 0; i < row.size(); i++) {
        cell(row.get(i), columns.features().get(i), Json.pointer(pointer, i));
      }
    } else if (card.inputShape().rank() > 1 && !row.isEmpty() && row.get(0).isArray()) {
      nested(row, 0, pointer);
    } else {
      flat(row, pointer);
    }
  }

  /**
   * Without categories cells are the inputs; with them it is as many cells as there are columns.
   */
  private boolean isCells(JsonNode row, TableColumns table) {
    return categories
        && row.size() == table.features().size()
        && (row.size() != width || !numbers(row));
  }

  private static boolean numbers(JsonNode row) {
    for (JsonNode cell : row) {
      if (!cell.isNumber()) {
        return false;
      }
    }
    return true;
  }

  private void named(JsonNode row, TableColumns table, String pointer) {
    for (Map.Entry<String, JsonNode> member : row.properties()) {
      String name = member.getKey();
      if (table.features().stream().noneMatch(c -> c.name().equals(name))) {
        errors.add(
            Json.pointer(pointer, name),
            name.equals(table.target().name())
                ? "this is what the model predicts; leave it out"
                : "unknown; the columns are " + names(table));
      }
    }
    for (Column column : table.features()) {
      JsonNode value = row.get(column.name());
      String place = Json.pointer(pointer, column.name());
      if (value == null) {
        errors.add(place, "missing");
      } else {
        cell(value, column, place);
      }
    }
  }

  private static String names(TableColumns table) {
    String names = String.join(", ", table.features().stream().map(Column::name).toList());
    return names.length() > 300 ? names.substring(0, 300) + "…" : names;
  }

  private void cell(JsonNode value, Column column, String pointer) {
    List<String> classes = column.classes();
    if (classes == null) {
      number(value, pointer);
      return;
    }
    // As in the file: white space around a cell is no part of it, and an empty one is a class.
    String text = value.isNull() ? "" : value.isValueNode() ? value.asString().strip() : null;
    int index = text == null ? -1 : classes.indexOf(text);
    if (index < 0) {
      String more = classes.size() > SHOWN_CLASSES ? ", …" : "";
      List<String> shown = classes.stream().limit(SHOWN_CLASSES).map(c -> "'" + c + "'").toList();
      errors.add(
          pointer,
          "expected one of " + String.join(", ", shown) + more + ", got " + Json.describe(value));
    }
    for (int i = 0; i < classes.size(); i++) {
      inputs.putFloat(i == index ? 1f : 0f);
    }
  }

  private void flat(JsonNode row, String pointer) {
    if (row.size() != width) {
      String cells =
          categories && columns != null ? " or " + columns.features().size() + " cells" : "";
      errors.add(pointer, "expected %d numbers%s, got %d".formatted(width, cells, row.size()));
      return;
    }
    for (int i = 0; i < width; i++) {
      number(row.get(i), Json.pointer(pointer, i));
    }
  }

  private void nested(JsonNode node, int depth, String pointer) {
    List<Integer> sizes = card.inputShape().dimensions();
    if (depth == sizes.size()) {
      number(node, pointer);
      return;
    }
    if (!node.isArray() || node.size() != sizes.get(depth)) {
      String got = node.isArray() ? "one of " + node.size() : Json.describe(node);
      errors.add(
          pointer,
          "expected an array of %d, for inputs %s, got %s"
              .formatted(sizes.get(depth), shape(), got));
      return;
    }
    for (int i = 0; i < node.size(); i++) {
      nested(node.get(i), depth + 1, Json.pointer(pointer, i));
    }
  }

  private void number(JsonNode node, String pointer) {
    float value = node.isNumber() ? (float) node.asDouble(Double.NaN) : Float.NaN;
    if (Float.isFinite(value)) {
      inputs.putFloat(value);
    } else {
      errors.add(pointer, "expected a finite float32 number, got " + Json.describe(node));
    }
  }

  private String shape() {
    return "of shape " + card.inputShape();
  }

  /** Whether predictions of a column are whole numbers rather than texts. */
  static boolean wholeClasses(ModelCard card) {
    return card.columns() != null && card.columns().target().kind() == Kind.INTEGER;
  }
}
