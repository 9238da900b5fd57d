package io.trainyard.exports.python;

import io.trainyard.datasets.ColumnProfile;
import io.trainyard.datasets.CsvDescriptor;
import io.trainyard.datasets.CsvProfile;
import io.trainyard.datasets.SyntheticSpec;
import io.trainyard.datasets.Target;
import io.trainyard.shared.PythonText;
import io.trainyard.shared.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code load_data()}: a job's rows as tensors. */
final class DataText {
  private DataText() {}

  /** Random rows, in the order in which the service draws them. */
  static Source synthetic(SyntheticSpec spec) {
    Source source = new Source().apart().add(0, "def load_data():");
    String x = sizes(spec.samples(), spec.input());
    source.add(1, "torch.manual_seed(%d)".formatted(spec.seed()));
    source.add(1, "x = torch.randn(%s)".formatted(x));
    if (spec.target() instanceof Target.Values values) {
      String randn = "torch.randn(%s)".formatted(sizes(spec.samples(), values.shape()));
      source.add(1, "y = " + (spec.unitRange() ? "torch.sigmoid(" + randn + ")" : randn));
    } else {
      int classes = ((Target.Classes) spec.target()).count();
      source.add(1, "y = torch.randint(0, %d, (%d,))".formatted(classes, spec.samples()));
    }
    return source.add(1, "return x, y");
  }

  private static String sizes(int rows, Shape shape) {
    List<String> sizes = new ArrayList<>(List.of(Integer.toString(rows)));
    shape.dimensions().forEach(size -> sizes.add(size.toString()));
    return String.join(", ", sizes);
  }

  /**
   * A CSV file's rows.
   *
   * @param seen the target as the loss takes it
   */
  static Source csv(CsvDescriptor descriptor, Target seen) {
    CsvProfile profile = descriptor.profile();
    List<ColumnProfile> features = features(descriptor);
    List<String> categories =
        features.stream().filter(c -> c.classes() != null).map(ColumnProfile::name).toList();
    Source source = new Source().blank();
    columns(source, "FEATURES", features.stream().map(ColumnProfile::name).toList());
    if (!categories.isEmpty()) {
      columns(source, "CATEGORIES", categories);
    }
    source.add(0, "TARGET = " + PythonText.of(descriptor.spec().target()));
    read(source);
    numbers(source);
    String order = sortKey(descriptor);
    boolean classes = seen instanceof Target.Classes;
    if (classes || !categories.isEmpty()) {
      indices(source, order);
    }
    if (!categories.isEmpty()) {
      oneHot(source);
    }
    source.apart().add(0, "def load_data(file):");
    source.add(1, "columns = read_columns(file)");
    if (categories.isEmpty()) {
      source.add(1, "x = torch.cat([numbers(columns[name]) for name in FEATURES], 1)");
    } else {
      source.add(1, "encode = {name: one_hot for name in CATEGORIES}");
      source.add(
          1, "x = torch.cat([encode.get(name, numbers)(columns[name]) for name in FEATURES], 1)");
    }
    Shape input = descriptor.shape().input();
    if (input.rank() != 1) {
      source.add(1, "x = x.reshape(-1, %s)".formatted(trimmed(input)));
    }
    if (!classes) {
      source.add(1, "y = numbers(columns[TARGET])");
    } else if (profile.target() instanceof Target.Integers) {
      source.add(1, "y = indices([int(cell) for cell in columns[TARGET]])");
    } else {
      source.add(1, "y = indices(columns[TARGET])");
    }
    return source.add(1, "return x, y");
  }

  private static String trimmed(Shape shape) {
    String text = shape.toString();
    return text.substring(1, text.length() - 1);
  }

  private static void columns(Source source, String name, List<String> columns) {
    source.add(0, name + " = [");
    StringBuilder line = new StringBuilder();
    for (String column : columns) {
      String literal = PythonText.of(column) + ", ";
      if (line.length() + literal.length() > 100) {
        source.add(1, line.toString().stripTrailing());
        line.setLength(0);
      }
      line.append(literal);
    }
    source.add(1, line.toString().stripTrailing()).add(0, "]");
  }

  /** In the order of the inputs. */
  private static List<ColumnProfile> features(CsvDescriptor descriptor) {
    List<ColumnProfile> columns = descriptor.profile().columns();
    @Nullable List<String> wanted = descriptor.spec().features();
    if (wanted == null) {
      return columns.stream().filter(c -> c.role() == ColumnProfile.Role.FEATURE).toList();
    }
    List<ColumnProfile> features = new ArrayList<>();
    for (String name : wanted) {
      columns.stream().filter(c -> c.name().equals(name)).forEach(features::add);
    }
    return features;
  }

  /** Python sorts by code points, the service by UTF-16 units; few texts tell the two apart. */
  private static String sortKey(CsvDescriptor descriptor) {
    List<String> labels = new ArrayList<>();
    descriptor
        .profile()
        .columns()
        .forEach(column -> labels.addAll(column.classes() == null ? List.of() : column.classes()));
    if (descriptor.profile().target() instanceof Target.Classes classes) {
      labels.addAll(classes.labels());
    }
    boolean beyond = labels.stream().anyMatch(l -> l.chars().anyMatch(c -> c >= 0xd800));
    return beyond ? ", key=lambda label: label.encode(\"utf-16-be\", \"surrogatepass\")" : "";
  }

  private static void read(Source source) {
    source.apart().add(0, "def read_columns(path):");
    source.add(1, "\"\"\"The file's cells by column, without the white space around them.\"\"\"");
    source.add(1, "with open(path, \"rb\") as file:").add(2, "raw = file.read()");
    source.add(1, "if raw[:2] == b\"\\x1f\\x8b\":").add(2, "raw = gzip.decompress(raw)");
    source.add(1, "text = io.StringIO(raw.decode(\"utf-8-sig\"), newline=\"\")");
    source.add(1, "rows = [row for row in csv.reader(text, skipinitialspace=True) if row]");
    source.add(
        1,
        "return {column[0].strip(): [cell.strip() for cell in column[1:]] for column in zip(*rows)}");
  }

  private static void numbers(Source source) {
    source.apart().add(0, "def numbers(column):");
    source.add(1, "return torch.tensor([[float(cell)] for cell in column])");
  }

  private static void indices(Source source, String key) {
    source.apart().add(0, "def indices(column):");
    source.add(1, "\"\"\"Each cell's place among the sorted classes.\"\"\"");
    source.add(
        1, "index = {label: i for i, label in enumerate(sorted(set(column)%s))}".formatted(key));
    source.add(1, "return torch.tensor([index[cell] for cell in column])");
  }

  private static void oneHot(Source source) {
    source.apart().add(0, "def one_hot(column):");
    source.add(1, "return nn.functional.one_hot(indices(column)).float()");
  }
}
