package io.trainyard.exports.python;

import io.trainyard.datasets.ArraysDescriptor;
import io.trainyard.datasets.Target;
import io.trainyard.shared.Shape;
import java.util.stream.Collectors;

/** {@code load_data()} of a file of arrays. */
final class ArraysText {
  private ArraysText() {}

  /**
   * The rows.
   *
   * @param seen the target as the loss takes it
   */
  static Source of(ArraysDescriptor descriptor, Target seen) {
    Source source = new Source();
    if (descriptor.kind().equals("npz")) {
      source.apart().add(0, "def load_data(file):");
      source.add(1, "with numpy.load(file) as arrays:");
      source.add(2, "x, y = arrays[\"x\"], arrays[\"y\"]");
    } else {
      readIdx(source);
      source.apart().add(0, "def load_data(file, labels):");
      source.add(1, "x, y = read_idx(file), read_idx(labels)");
    }
    source.add(1, "x = " + tensor("x", descriptor.shape().input()));
    if (seen instanceof Target.Values values) {
      source.add(1, "y = " + tensor("y", values.shape()));
    } else {
      source.add(1, "y = torch.from_numpy(numpy.unique(y, return_inverse=True)[1].reshape(-1))");
    }
    return source.add(1, "return x, y");
  }

  private static void readIdx(Source source) {
    source.apart().add(0, "def read_idx(path):");
    source.add(1, "with open(path, \"rb\") as file:").add(2, "raw = file.read()");
    source.add(1, "if raw[:2] == b\"\\x1f\\x8b\":").add(2, "raw = gzip.decompress(raw)");
    source.add(
        1, "dtypes = {8: \"u1\", 9: \"i1\", 11: \">i2\", 12: \">i4\", 13: \">f4\", 14: \">f8\"}");
    source.add(1, "shape = numpy.frombuffer(raw, \">i4\", raw[3], 4)");
    source.add(
        1, "return numpy.frombuffer(raw, dtypes[raw[2]], offset=4 + 4 * raw[3]).reshape(shape)");
  }

  private static String tensor(String array, Shape shape) {
    String sizes =
        shape.dimensions().stream().map(String::valueOf).collect(Collectors.joining(", "));
    return "torch.from_numpy(%s.astype(\"float32\")).reshape(-1, %s)".formatted(array, sizes);
  }
}
