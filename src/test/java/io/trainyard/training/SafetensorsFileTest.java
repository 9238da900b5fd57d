package io.trainyard.training;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
  private static final String HEADER =
      """
      {"__metadata__": {"format": "pt"},
       "b": {"dtype": "I64", "shape": [], "data_offsets": [8, 16]},
       "a": {"dtype": "F32", "shape": [2, 1], "data_offsets": [0, 8]}}""";

  @TempDir Path directory;

  private Path file(String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    if (dataBytes == 16) {
      bytes.putFloat(1.5f).putFloat(-2).putLong(7);
    }
    return Files.write(directory.resolve("file"), bytes.array());
  }

  @Test
  void givesArraysByName() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(file(HEADER + "   ", 16))) {
      assertThat(file.entries().keySet()).containsExactly("b", "a");
      assertThat(requireNonNull(file.entries().get("a")).shape()).containsExactly(2L, 1L);
      assertThat(file.bytes("a").getFloat(4)).isEqualTo(-2);
      assertThat(file.bytes("b").getLong()).isEqualTo(7);
      assertThatThrownBy(() -> file.bytes("c")).hasMessageContaining("no array c");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[0, 8]|[0, 4]|array a needs 8 bytes and has 4",
        "[0, 8]|[0, 8.5]|array a has no proper shape and data_offsets",
        "[0, 8]|[-8, 0]|array a has no proper shape and data_offsets",
        "[0, 8]|[0]|array a has no proper shape and data_offsets",
        "[0, 8]|[8, 16]|begins at 8, the one before ends at 0",
        "[0, 8]|[4, 12]|begins at 4, the one before ends at 0",
        "[0, 8]|[9223372036854775800, 9223372036854775807]|array a needs 8 bytes",
        "[0, 8]|[8, 0]|array a needs 8 bytes and has -8",
        "[2, 1]|[9223372036854775807, 9223372036854775807]|array a has no proper shape",
        "[2, 1]|[3, 1]|array a needs 12 bytes and has 8",
        "[2, 1]|'x'|array a has no proper shape",
        "'F32'|'F8'|array a is of an unknown type 'F8'",
        "'F32'|3|array a is of an unknown type",
        "{'dtype': 'F32', 'shape': [2, 1], 'data_offsets': [0, 8]}|5|array a is of an unknown type",
        "'a'|'b'|its header is no JSON",
        "{'__metadata__'|'__metadata__'|its header is no JSON",
      })
  void saysWhatIsWrong(String part, String other, String message) throws IOException {
    String header = HEADER.replace(part.replace('\'', '"'), other.replace('\'', '"'));
    assertThat(header).isNotEqualTo(HEADER);
    assertRefused(file(header, 16), message);
  }

  @Test
  void comparesTheHeaderWithTheLength() throws IOException {
    assertRefused(file(HEADER, 15), "it has 15 bytes of arrays, its header tells of 16");
    assertRefused(file(HEADER, 17), "it has 17 bytes of arrays, its header tells of 16");
    assertRefused(file("[]", 0), "its header is no JSON object");
    byte[] whole = Files.readAllBytes(file(HEADER, 16));
    for (int length : new int[] {0, 7, 8, 20}) {
      Path file = directory.resolve("file");
      Files.write(file, Arrays.copyOf(whole, length));
      assertRefused(file, "too short for its header");
    }
    ByteBuffer negative = ByteBuffer.allocate(64).putLong(0, -1);
    assertRefused(
        Files.write(directory.resolve("file"), negative.array()), "too short for its header");
  }

  /** Whatever is changed, it is read or refused, and no array reaches outside of the file. */
  @Test
  void survivesAnyDamage() throws IOException {
    byte[] whole = Files.readAllBytes(file(HEADER, 16));
    Random random = new Random(5);
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      Path file = Files.write(directory.resolve("file"), damaged);
      try (SafetensorsFile read = SafetensorsFile.open(file)) {
        for (String name : read.entries().keySet()) {
          assertThat(read.bytes(name).remaining()).isLessThanOrEqualTo(16);
        }
      } catch (IOException e) {
        assertThat(e).hasMessageStartingWith("not a safetensors file: ");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(200);
  }

  private static void assertRefused(Path file, String message) {
    assertThatThrownBy(() -> SafetensorsFile.open(file).close())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("not a safetensors file: ")
        .hasMessageContaining(message);
  }
}
