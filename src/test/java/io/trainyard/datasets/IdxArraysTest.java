package io.trainyard.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.trainyard.shared.Problem;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** IDX files: what is read of them, and what is refused. */
class IdxArraysTest {
  @TempDir private Path directory;

  private static ArraysSpec idx() {
    return new ArraysSpec("d", "idx", null, Normalization.NONE);
  }

  private byte[] both(byte[]... files) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] file : files) {
      all.write(file);
    }
    return all.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "0x08, 80ff, 128, 255, uint8",
    "0x09, 80ff, -128, -1, int8",
    "0x0B, 8000ffff, -32768, -1, int16",
    "0x0C, 8000000000000001, -2147483648, 1, int32",
    "0x0D, 3f800000c0000000, 1, -2, float32",
    "0x0E, 3ff0000000000000c000000000000000, 1, -2, float64",
  })
  void twoFilesOfIdxAreReadOneAfterTheOther(
      String code, String hex, float first, float second, String dtype) throws IOException {
    byte[] x = ArrayFixture.idx(Integer.decode(code), HexFormat.of().parseHex(hex), 2, 1);
    byte[] y = ArrayFixture.idx(0x08, new byte[] {9, 4}, 2);
    byte[] plain = both(x, y);
    byte[] packed = both(CsvFixture.gzip(x), CsvFixture.gzip(y));
    for (byte[] bytes : List.of(plain, packed)) {
      Path file = Files.write(directory.resolve("two"), bytes);
      ArraysDescriptor descriptor = (ArraysDescriptor) idx().describe(file, DatasetBounds.WIDEST);

      assertThat(descriptor.profile().x().dtype()).isEqualTo(dtype);
      // As from a network: never more than a byte at hand.
      InputStream slow =
          new FilterInputStream(Files.newInputStream(file)) {
            @Override
            public int available() {
              return 0;
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
              return super.read(to, offset, Math.min(1, length));
            }
          };
      TableData table = ArraysTable.read(slow, descriptor, new Target.Classes(2, List.of()));
      assertThat(ArrayFixture.numbers(table.inputs())).containsExactly(first, second);
      assertThat(Objects.requireNonNull(table.classes()).get(0)).isEqualTo(1);
    }
  }

  @Test
  void whatIsNotTwoFilesOfIdxIsRefused() throws IOException {
    byte[] x = ArrayFixture.idx(0x08, new byte[] {1, 2}, 2);
    byte[] gzip = CsvFixture.gzip(x);
    assertThat(idxRefusal(new byte[0])).isEqualTo("array 'x' is not in the IDX format");
    assertThat(idxRefusal("a,b".getBytes(StandardCharsets.UTF_8)))
        .contains("'x' is not in the IDX format");
    assertThat(idxRefusal(ArrayFixture.idx(0x0A, new byte[2], 2)))
        .contains("'x' is not in the IDX format");
    String labels = "array 'y' is not in the IDX format, is compressed otherwise than the file, or";
    assertThat(idxRefusal(x)).startsWith(labels);
    assertThat(idxRefusal(both(x, gzip))).startsWith(labels);
    assertThat(idxRefusal(both(gzip, x))).startsWith(labels);
    assertThat(idxRefusal(both(x, new byte[] {3}, x))).startsWith(labels);
    assertThat(idxRefusal(both(x, x, x)))
        .isEqualTo("array 'y' has more numbers than its shape [2]");
    assertThat(idxRefusal(both(x, ArrayFixture.idx(0x08, new byte[3], 3))))
        .isEqualTo("x has 2 rows, y has 3: a row of each is one");
    assertThat(idxRefusal(both(x, ArrayFixture.idx(0x08, new byte[1], 2))))
        .isEqualTo("array 'y' has fewer numbers than its shape [2]");
    assertThat(idxRefusal(Arrays.copyOf(x, 6))).isEqualTo("array 'x' has a damaged header");
    assertThat(idxRefusal(ArrayFixture.idx(0x08, new byte[0], -1))).contains("damaged header");
    assertThat(idxRefusal(ArrayFixture.idx(0x08, new byte[0], 1 << 30, 1 << 30, 1 << 30)))
        .contains("the most that fits a training");
    assertThat(idxRefusal(Arrays.copyOf(gzip, gzip.length - 9))).contains("is damaged");
  }

  @Test
  void manyEmptyMembersDoNotFillTheStack() throws IOException {
    byte[] x = CsvFixture.gzip(ArrayFixture.idx(0x08, new byte[] {1, 2}, 2));
    byte[] empty = CsvFixture.gzip(new byte[0]);
    byte[] all = new byte[x.length + 100_000 * empty.length];
    System.arraycopy(x, 0, all, 0, x.length);
    for (int i = 0; i < 100_000; i++) {
      System.arraycopy(empty, 0, all, x.length + i * empty.length, empty.length);
    }
    assertThat(idxRefusal(all)).contains("more than 100 empty members");
  }

  private String idxRefusal(byte[] bytes) throws IOException {
    Path file = Files.write(directory.resolve("bad"), bytes);
    Problem problem =
        catchThrowableOfType(Problem.class, () -> idx().describe(file, DatasetBounds.WIDEST));
    String detail = problem.places().get(0).detail();
    assertThat(problem.places().get(0).pointer())
        .isEqualTo(detail.startsWith("array 'y'") ? "/labels" : "/file");
    return detail;
  }
}
