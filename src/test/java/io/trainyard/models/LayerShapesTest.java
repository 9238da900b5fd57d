package io.trainyard.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What layers over channels make of shapes, by the formulas in torch.nn's documentation. */
class LayerShapesTest {
  private static final String CONV = "'type': 'Conv2d', 'in_channels': 4, 'out_channels': 6";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "%s, 'kernel_size': 3|[4, 8, 9]|[6, 6, 7]",
        "%s, 'kernel_size': [3, 1], 'stride': [2, 3], 'padding': 1|[4, 8, 9]|[6, 4, 4]",
        "%s, 'kernel_size': 3, 'dilation': [1, 4]|[4, 8, 9]|[6, 6, 1]",
        "%s, 'kernel_size': 4, 'padding': 'same'|[4, 2, 2]|[6, 2, 2]",
        "%s, 'kernel_size': 4, 'padding': 'valid', 'stride': 2|[4, 8, 8]|[6, 3, 3]",
        "'type': 'Conv1d', 'in_channels': 2, 'out_channels': 5, 'kernel_size': [3]|[2, 10]|[5, 8]",
        "%s, 'kernel_size': 3, 'padding': [7, 0], 'padding_mode': 'reflect'|[4, 8, 8]|[6, 20, 6]",
        "%s, 'kernel_size': 4, 'padding': 'same', 'padding_mode': 'circular'|[4, 8, 8]|[6, 8, 8]",
        "%s, 'kernel_size': 3, 'padding': 9, 'padding_mode': 'replicate'|[4, 8, 8]|[6, 24, 24]",
        "'type': 'MaxPool2d', 'kernel_size': 2|[4, 7, 8]|[4, 3, 4]",
        "'type': 'MaxPool2d', 'kernel_size': 2, 'ceil_mode': true|[4, 7, 8]|[4, 4, 4]",
        "'type': 'MaxPool1d', 'kernel_size': 2, 'stride': 3, 'padding': 1, 'ceil_mode': true|[1, 5]|[1, 2]",
        "'type': 'AvgPool1d', 'kernel_size': 3, 'stride': 1|[4, 7]|[4, 5]",
        "'type': 'AdaptiveAvgPool2d', 'output_size': [2, 9]|[4, 7, 8]|[4, 2, 9]",
        "'type': 'BatchNorm1d', 'num_features': 4|[4]|[4]",
        "'type': 'BatchNorm1d', 'num_features': 4|[4, 3]|[4, 3]",
        "'type': 'LayerNorm', 'normalized_shape': [3, 2]|[4, 3, 2]|[4, 3, 2]",
        "'type': 'Unflatten', 'dim': 1, 'unflattened_size': [2, -1, 3]|[12, 5]|[2, 2, 3, 5]",
      })
  void givesTheOutput(String layer, String input, String output) {
    assertThat(summarize(layer, input)).hasToString(output);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "%s, 'kernel_size': 3|[3, 8, 8]|/in_channels|expected 4, the input gives 3",
        "%s, 'kernel_size': 3|[4, 8]||expected [channels, height, width], the input gives [4, 8]",
        "%s, 'kernel_size': 3|[4, 8, 2]|/kernel_size|the window spans 3, the input gives 2",
        "%s, 'kernel_size': 3, 'dilation': 3, 'padding': 1|[4, 4, 9]|/kernel_size|the window spans 7, the input gives 4 and padding adds 2",
        "%s, 'kernel_size': 3, 'groups': 3|[4, 8, 8]|/in_channels|expected a multiple of groups, 3, got 4",
        "%s, 'kernel_size': 3, 'groups': 4|[4, 8, 8]|/out_channels|expected a multiple of groups, 4, got 6",
        "%s, 'kernel_size': 3, 'padding': 'same', 'stride': 2|[4, 8, 8]|/padding|needs a stride of 1",
        "%s, 'kernel_size': 3, 'padding': 'full'|[4, 8, 8]|/padding|one of same, valid, got \"full\"",
        "%s, 'kernel_size': [3, 3, 3]|[4, 8, 8]|/kernel_size|an array of 2, got an array of 3",
        "%s, 'kernel_size': 3, 'padding_mode': 'mirror'|[4, 8, 8]|/padding_mode|one of zeros, reflect",
        "%s, 'kernel_size': 3, 'padding': [1, 8], 'padding_mode': 'reflect'|[4, 8, 8]|/padding|reflect can add at most 7 to a size of 8, got 8",
        "%s, 'kernel_size': 3, 'padding': [9, 1], 'padding_mode': 'circular'|[4, 8, 8]|/padding|circular can add at most 8 to a size of 8, got 9",
        "%s, 'kernel_size': 18, 'padding': 'same', 'padding_mode': 'circular'|[4, 8, 8]|/padding|at most 8 to a size of 8, got 9",
        "%s, 'kernel_size': 2000000000, 'padding': 2000000000|[4, 8, 8]||the layer is too large",
        "'type': 'Conv1d', 'in_channels': 2, 'out_channels': 1, 'kernel_size': 2|[2]||[channels, length]",
        "'type': 'MaxPool1d', 'kernel_size': 3, 'padding': 2|[2, 9]|/padding|at most 1, half of kernel_size, got 2",
        "'type': 'AvgPool2d', 'kernel_size': 3, 'divisor_override': 0|[2, 9, 9]|/divisor_override|other than 0",
        "'type': 'AvgPool2d', 'kernel_size': 3|[2, 9, 2]|/kernel_size|the window spans 3, the input gives 2",
        "'type': 'AdaptiveAvgPool2d', 'output_size': 0|[2, 9, 9]|/output_size|at least 1",
        "'type': 'AdaptiveAvgPool2d', 'output_size': 1|[9, 9]||expected [channels, height, width]",
        "'type': 'BatchNorm1d', 'num_features': 4|[3, 4]|/num_features|expected 4, the input gives 3",
        "'type': 'BatchNorm1d', 'num_features': 4|[4, 3, 3]||expected [channels] or [channels, length]",
        "'type': 'BatchNorm2d', 'num_features': 4|[4, 3]||expected [channels, height, width]",
        "'type': 'LayerNorm', 'normalized_shape': [3, 2]|[2]|/normalized_shape|to be [3, 2], the input gives [2]",
        "'type': 'LayerNorm', 'normalized_shape': []|[2]|/normalized_shape|got an array of 0",
        "'type': 'Unflatten', 'dim': 0, 'unflattened_size': [2]|[2]|/dim|dimension 0 is the batch",
        "'type': 'Unflatten', 'dim': 1, 'unflattened_size': [5, -1]|[12]|/unflattened_size|sizes that make 12",
        "'type': 'Unflatten', 'dim': 1, 'unflattened_size': [-1, -1]|[12]|/unflattened_size|one of which may be -1",
      })
  void refusesWithThePlace(String layer, String input, @Nullable String pointer, String detail) {
    List<Problem.Place> places =
        catchThrowableOfType(Problem.class, () -> summarize(layer, input)).places();

    assertThat(places)
        .singleElement()
        .satisfies(
            place ->
                assertThat(place.pointer())
                    .isEqualTo("/layers/0" + Objects.requireNonNullElse(pointer, "")))
        .satisfies(place -> assertThat(place.detail()).contains(detail));
  }

  private static @Nullable Shape summarize(String layer, String input) {
    String arguments = layer.replace("%s", CONV).replace('\'', '"');
    JsonNode document = Json.MAPPER.readTree("{\"layers\": [{" + arguments + "}]}");
    Errors errors = new Errors();
    ModelDefinition model = ModelDefinition.read(document, "", errors);
    errors.throwIfAny();
    ModelSummary summary =
        Objects.requireNonNull(model)
            .summarize(Json.MAPPER.readValue(input, Shape.class), "", errors);
    errors.throwIfAny();
    return Objects.requireNonNull(summary).outputShape();
  }
}
