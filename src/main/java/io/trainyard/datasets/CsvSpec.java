package io.trainyard.datasets;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Names;
import io.trainyard.shared.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How a CSV file is to be read; its JSON is the document that comes with the file.
 *
 * @param format always "csv"
 * @param target the column to predict
 * @param features the columns to predict from, in the order of the inputs; null for all but the
 *     target, in the file's order
 * @param inputShape what a row's inputs are reshaped to; null for one dimension
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CsvSpec(
    String name,
    String format,
    String target,
    @Nullable List<String> features,
    @Nullable Shape inputShape,
    Normalization normalize)
    implements FileSpec {

  static final String CSV = "csv";
  private static final Argument<String> FORMAT = Argument.oneOf("format", CSV);
  private static final Argument<String> TARGET = Argument.text("target");
  private static final Argument<List<String>> FEATURES = Argument.texts("features").optional();

  /**
   * Reads a document; what is wrong with it goes to {@code errors}. Whether the columns exist shows
   * only with the file.
   *
   * @return the spec, or null if there were errors
   */
  public static @Nullable CsvSpec read(JsonNode node, String pointer, Errors errors) {
    Arguments members =
        Arguments.read(
            node,
            pointer,
            errors,
            List.of(
                Names.ARGUMENT,
                FORMAT,
                TARGET,
                FEATURES,
                FileArguments.INPUT_SHAPE,
                FileArguments.NORMALIZE));
    if (members == null) {
      return null;
    }
    int before = errors.size();
    String target = members.get(TARGET).strip();
    List<String> features = members.find(FEATURES);
    if (features != null) {
      features = features.stream().map(String::strip).toList();
      checkFeatures(features, target, pointer + "/features", errors);
    }
    Shape inputShape = FileArguments.inputShape(members, pointer, errors);
    if (errors.size() > before) {
      return null;
    }
    return new CsvSpec(
        members.get(Names.ARGUMENT),
        members.get(FORMAT),
        target,
        features,
        inputShape,
        Normalization.of(members.get(FileArguments.NORMALIZE)));
  }

  @Override
  public List<String> parts() {
    return List.of("file");
  }

  @Override
  public DatasetDescriptor describe(Path file, DatasetBounds bounds) throws IOException {
    return CsvDescriptor.of(this, file, bounds);
  }

  private static void checkFeatures(
      List<String> features, String target, String pointer, Errors errors) {
    if (features.isEmpty()) {
      errors.add(pointer, "needs at least one column");
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < features.size(); i++) {
      String feature = features.get(i);
      if (feature.equals(target)) {
        errors.add(Json.pointer(pointer, i), "'" + feature + "' is the target");
      } else if (!seen.add(feature)) {
        errors.add(Json.pointer(pointer, i), "'" + feature + "' is named twice");
      }
    }
  }
}
