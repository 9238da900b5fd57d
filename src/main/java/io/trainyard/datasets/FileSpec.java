package io.trainyard.datasets;

import io.trainyard.shared.Errors;
import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How an uploaded file is to be read; its JSON is the document that comes with the file. */
public sealed interface FileSpec permits CsvSpec, ArraysSpec {
  String name();

  /** The word of the document for the kind of file. */
  String format();

  /** The parts of an upload that are, one after the other, the file. */
  List<String> parts();

  /** What a row's inputs are reshaped to; null for as they are. */
  @Nullable Shape inputShape();

  Normalization normalize();

  /**
   * Reads a file to its end and checks it.
   *
   * @throws Problem of kind INVALID with the place in the spec, or {@code /file}, if the file or
   *     the spec's idea of it is wrong
   */
  DatasetDescriptor describe(Path file, DatasetBounds bounds) throws IOException;

  /**
   * Reads a document; what is wrong with it goes to {@code errors}. Whether it fits the file shows
   * only with the file.
   *
   * @return the spec, or null if there were errors
   */
  static @Nullable FileSpec read(JsonNode node, String pointer, Errors errors) {
    JsonNode format = node.path("format");
    String word = format.asString("");
    if (format.isString() && !FileArguments.FORMATS.contains(word)) {
      errors.add(
          pointer + "/format", "expected one of " + String.join(", ", FileArguments.FORMATS));
      return null;
    }
    return word.equals(ArraysSpec.NPZ) || word.equals(ArraysSpec.IDX)
        ? ArraysSpec.read(node, pointer, errors)
        : CsvSpec.read(node, pointer, errors);
  }
}
