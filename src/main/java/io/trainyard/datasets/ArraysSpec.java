package io.trainyard.datasets;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Names;
import io.trainyard.shared.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How a file of arrays is to be read; its JSON is the document that comes with the file.
 *
 * @param format "npz", or "idx" for two files, one after the other
 * @param inputShape what a row of {@code x} is reshaped to; null for its own shape
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ArraysSpec(
    String name, String format, @Nullable Shape inputShape, Normalization normalize)
    implements FileSpec {

  static final String NPZ = "npz";
  static final String IDX = "idx";

  private static final Argument<String> FORMAT = Argument.oneOf("format", NPZ, IDX);

  static @Nullable ArraysSpec read(JsonNode node, String pointer, Errors errors) {
    Arguments members =
        Arguments.read(
            node,
            pointer,
            errors,
            List.of(Names.ARGUMENT, FORMAT, FileArguments.INPUT_SHAPE, FileArguments.NORMALIZE));
    if (members == null) {
      return null;
    }
    int before = errors.size();
    Shape inputShape = FileArguments.inputShape(members, pointer, errors);
    if (errors.size() > before) {
      return null;
    }
    return new ArraysSpec(
        members.get(Names.ARGUMENT),
        members.get(FORMAT),
        inputShape,
        Normalization.of(members.get(FileArguments.NORMALIZE)));
  }

  /**
   * Goes through the arrays of a file.
   *
   * @param in closed at the end
   * @param unpacked bytes of all arrays, at most
   */
  void each(InputStream in, long unpacked, ArrayTaker taker) throws IOException {
    if (format.equals(NPZ)) {
      NpzArrays.each(in, unpacked, taker);
    } else {
      IdxArrays.each(in, unpacked, taker);
    }
  }

  @Override
  public List<String> parts() {
    return format.equals(NPZ) ? List.of("file") : List.of("file", "labels");
  }

  @Override
  public DatasetDescriptor describe(Path file, DatasetBounds bounds) throws IOException {
    return new ArraysDescriptor(this, ArraysProfiler.profile(this, file, bounds));
  }
}
