package io.trainyard.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.trainyard.shared.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** NPZ files that are refused. */
class NpzRefusalTest {
  private static final Path NUMPYS = Path.of("src/test/resources/arrays");
  private static final byte[] TWO = ArrayFixture.longs("(2,)", 5, 3);
  private static final ArraysSpec SPEC = new ArraysSpec("d", "npz", null, Normalization.NONE);

  @TempDir private Path directory;

  private String refusal(byte[] file) {
    Problem problem =
        catchThrowableOfType(
            Problem.class,
            () -> SPEC.describe(Files.write(directory.resolve("bad"), file), DatasetBounds.WIDEST));
    assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID);
    assertThat(problem.places().get(0).pointer()).isEqualTo("/file");
    return problem.places().get(0).detail();
  }

  private String refusal(byte[] x, byte[] y) {
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    arrays.put("x", x);
    arrays.put("y", y);
    return refusal(ArrayFixture.npz(arrays));
  }

  @Test
  void whatIsNoSuchFileIsRefused() throws IOException {
    String none = "the file is no NPZ file; numpy.savez(file, x=…, y=…) writes one";
    assertThat(refusal("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8))).isEqualTo(none);
    assertThat(refusal(TWO)).as("one array, a NPY file").isEqualTo(none);
    assertThat(refusal(new byte[0])).isEqualTo(none);
    assertThat(refusal(ArrayFixture.npz(Map.of("x", TWO, "labels", TWO))))
        .startsWith("there is no array 'y', only ")
        .contains("labels");
    assertThat(refusal(Files.readAllBytes(NUMPYS.resolve("objects.npz"))))
        .startsWith("array 'y' is of dtype ")
        .contains("|O", "those that are read are bool, int8 to int64");
    byte[] whole = Files.readAllBytes(NUMPYS.resolve("compressed.npz"));
    assertThat(refusal(Arrays.copyOf(whole, 200))).startsWith("the file is no whole NPZ file");
    whole[60] ^= 0x55;
    assertThat(refusal(whole)).startsWith("the file is no whole NPZ file");
  }

  /** Names that are long, many or of another encoding, and headers that take long to understand. */
  @Test
  void whatIsMadeToHarmIsRefusedAtOnce() throws IOException {
    ByteArrayOutputStream odd = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(odd, StandardCharsets.ISO_8859_1)) {
      zip.putNextEntry(new ZipEntry("caf\u00e9.npy"));
      zip.putNextEntry(new ZipEntry("n".repeat(65_000)));
    }
    assertThat(refusal(odd.toByteArray())).startsWith("there is no array 'x'").hasSizeLessThan(200);

    Map<String, byte[]> many = new LinkedHashMap<>();
    for (int i = 0; i <= 1000; i++) {
      many.put("a" + i, new byte[0]);
    }
    assertThat(refusal(ArrayFixture.npz(many))).isEqualTo("the file has more than 1000 arrays");

    String slow = "{'descr': " + " ".repeat(4000) + "\", ".repeat(2000);
    assertThat(
            assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> refusal(ArrayFixture.npy(slow, new byte[0]), TWO)))
        .isEqualTo("array 'x' has a damaged header");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<f2", "<c8", "<U3", "|V8", "<M8[ns]", "<f16", "|S1"})
  void otherKindsOfNumbersAreNamed(String descr) {
    assertThat(refusal(ArrayFixture.npy(descr, "(2,)", new byte[2]), TWO))
        .startsWith("array 'x' is of dtype ")
        .contains(descr);
  }

  @Test
  void anArrayThatIsNotWhatItSaysIsRefused() {
    byte[] floats = ByteBuffer.allocate(8).array();
    assertThat(refusal(ArrayFixture.npy("<f4", "(3,)", floats), TWO))
        .isEqualTo("array 'x' has fewer numbers than its shape [3]");
    assertThat(refusal(ArrayFixture.npy("<f4", "(1,)", floats), TWO))
        .isEqualTo("array 'x' has more numbers than its shape [1]");
    assertThat(refusal(ArrayFixture.npy("<f4", "()", floats), TWO)).contains("has no rows");
    String many = "2147483647, ".repeat(35);
    assertThat(refusal(ArrayFixture.npy("<f4", "(" + many + "0)", floats), TWO))
        .contains("more than 32 dimensions");
    assertThat(refusal(ArrayFixture.npy("<f4", "(0, 3)", floats), TWO)).contains("has no rows");
    assertThat(refusal(ArrayFixture.npy("<f4", "(2, 99999999999)", floats), TWO))
        .contains("which is too large");
    assertThat(refusal(ArrayFixture.npy("<f4", "(2, 2147483647, 2147483647, 9)", floats), TWO))
        .contains("the most that fits a training");
    assertThat(refusal(ArrayFixture.npy("{'descr': '<f4', 'shape': (2,)}", floats), TWO))
        .isEqualTo("array 'x' has a damaged header");
    assertThat(
            refusal(
                ArrayFixture.npy(
                    "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2), }", floats),
                TWO))
        .contains("numpy.ascontiguousarray");
    assertThat(refusal("no array".getBytes(StandardCharsets.UTF_8), TWO))
        .isEqualTo("array 'x' is no array in NumPy's NPY format");
    assertThat(refusal(ArrayFixture.floats("(3,)", 1, 2, 3), TWO))
        .isEqualTo("x has 3 rows, y has 2: a row of each is one");
    assertThat(refusal(ArrayFixture.floats("(2, 2)", 1, 2, Float.NaN, 4), TWO))
        .isEqualTo("array 'x' has a number at row 1 that is not a finite float32");
    assertThat(
            refusal(
                TWO, ArrayFixture.npy("<f8", "(1,)", HexFormat.of().parseHex("9c7500883ce4377e"))))
        .isEqualTo("array 'y' has a number at row 0 that is not a finite float32");
    assertThat(
            refusal(
                TWO, ArrayFixture.npy("<u8", "(1,)", HexFormat.of().parseHex("ffffffffffffffff"))))
        .isEqualTo(
            "array 'y' has a number at row 0 that is 18446744073709551615, more than a label may"
                + " be");
  }

  @Test
  void boundsHold() throws IOException {
    Path file =
        Files.write(
            directory.resolve("d"),
            ArrayFixture.npz(Map.of("x", ArrayFixture.floats("(2, 3)", new float[6]), "y", TWO)));

    Map<String, DatasetBounds> bounds =
        Map.of("rows", new DatasetBounds(1, 9, 1 << 20), "unpacked", new DatasetBounds(9, 9, 100));
    bounds.forEach(
        (name, bound) ->
            assertThatThrownBy(() -> SPEC.describe(file, bound))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("trainyard.limits." + name));
  }
}
