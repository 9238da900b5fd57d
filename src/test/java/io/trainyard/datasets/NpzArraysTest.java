package io.trainyard.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** NPZ files: what is read of them. */
class NpzArraysTest {
  private static final Path NUMPYS = Path.of("src/test/resources/arrays");
  private static final byte[] TWO = ArrayFixture.longs("(2,)", 5, 3);

  @TempDir private Path directory;

  private static ArraysSpec spec(String members) {
    return (ArraysSpec) CsvFixture.read("{'name': 'd', 'format': 'npz'" + members + "}");
  }

  private static ArraysDescriptor describe(String members, Path file) throws IOException {
    return (ArraysDescriptor) spec(members).describe(file, DatasetBounds.WIDEST);
  }

  private Path file(byte[] x, byte[] y) throws IOException {
    return Files.write(directory.resolve("d.npz"), ArrayFixture.npz(Map.of("x", x, "y", y)));
  }

  private static TableData table(ArraysDescriptor descriptor, Path file, Target target)
      throws IOException {
    return ArraysTable.read(Files.newInputStream(file), descriptor, target);
  }

  @Test
  void whatNumpyWritesIsRead() throws IOException {
    Path file = NUMPYS.resolve("plain.npz");
    ArraysDescriptor descriptor = describe("", file);

    assertThat(descriptor.kind()).isEqualTo("npz");
    assertThat(descriptor.shape())
        .isEqualTo(new DatasetShape(3, Shape.of(2), new Target.Integers(List.of(-1L, 7L))));
    assertThat(descriptor.profile().x())
        .isEqualTo(
            new ArrayProfile(
                "x", "float64", Shape.of(3, 2), -2.5, 16777216, descriptor.profile().x().mean()));
    assertThat(descriptor.profile().y().dtype()).isEqualTo("int64");
    assertThat(Json.parse(Json.write(descriptor), DatasetDescriptor.class)).isEqualTo(descriptor);

    TableData asClasses = table(descriptor, file, new Target.Classes(2, List.of()));
    assertThat(ArrayFixture.numbers(asClasses.inputs()))
        .containsExactly(0.1f, -2.5f, 1e-7f, 3, 4.25f, 1 << 24);
    long[] classes = new long[3];
    Objects.requireNonNull(asClasses.classes()).get(0, classes);
    assertThat(classes).containsExactly(1, 0, 1);
    TableData asValues = table(descriptor, file, new Target.Values(Shape.of(1)));
    assertThat(ArrayFixture.numbers(Objects.requireNonNull(asValues.values())))
        .containsExactly(7, -1, 7);
  }

  @Test
  void aCompressedFileMayHaveOthersAndAnyOrder() throws IOException {
    Path file = NUMPYS.resolve("compressed.npz");
    ArraysDescriptor descriptor = describe(", 'normalize': 'standard'", file);

    assertThat(descriptor.profile().x().dtype()).isEqualTo("float32");
    assertThat(descriptor.profile().y().dtype()).isEqualTo("uint8");
    TableData table = table(descriptor, file, new Target.Classes(2, List.of()));
    assertThat(ArrayFixture.numbers(table.inputs())).startsWith(0.1f, -2.5f);
    assertThat(table.normalization()).isEqualTo(Normalization.STANDARD);
  }

  @Test
  void rowsKeepTheirShapeOrGetAnother() throws IOException {
    Path file = NUMPYS.resolve("images.npz");

    assertThat(describe("", file).shape())
        .isEqualTo(new DatasetShape(2, Shape.of(3, 4), new Target.Values(Shape.of(2))));
    ArraysDescriptor descriptor = describe(", 'input_shape': [1, 3, 4]", file);
    assertThat(descriptor.shape().input()).isEqualTo(Shape.of(1, 3, 4));
    TableData table = table(descriptor, file, descriptor.profile().target());
    assertThat(ArrayFixture.numbers(table.inputs())[23]).isEqualTo(23);
    assertThat(ArrayFixture.numbers(Objects.requireNonNull(table.values())))
        .containsExactly(.5f, 1.5f, 2.5f, 3.5f);
    Problem problem =
        catchThrowableOfType(Problem.class, () -> describe(", 'input_shape': [3, 5]", file));
    assertThat(problem.places().get(0))
        .isEqualTo(
            new Problem.Place(
                "/input_shape", "[3, 5] does not hold the 12 values that a row of x has"));
    String huge = "2147483647, 2147483647, 2147483647";
    assertThatThrownBy(() -> describe(", 'input_shape': [" + huge + "]", file))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("does not hold");
  }

  @ParameterizedTest
  @CsvSource({
    "|b1, 0002, 0, 1",
    "|i1, 80ff, -128, -1",
    "|u1, 80ff, 128, 255",
    "<i2, 0080ffff, -32768, -1",
    ">i2, 8000ffff, -32768, -1",
    "<u2, 0080ffff, 32768, 65535",
    "<i4, ffffffff01000000, -1, 1",
    ">u4, ffffff0000000001, 4294967040, 1",
    "<i8, 0100000040000080ffffffffffffffff, -9223371761976868863, -1",
    ">u8, 80000080000000010000000000000001, 9223372586610589697, 1",
    "<f4, 0000803f000000c0, 1, -2",
    ">f4, 3f800000c0000000, 1, -2",
    "<f8, 000000000000f03f00000000000000c0, 1, -2",
    ">f8, 3ff0000000000000c000000000000000, 1, -2",
  })
  void everyKindOfNumberIsRounded(String descr, String hex, String first, String second)
      throws IOException {
    Path file = file(ArrayFixture.npy(descr, "(2,)", HexFormat.of().parseHex(hex)), TWO);

    TableData table = table(describe("", file), file, new Target.Values(Shape.of(1)));

    assertThat(ArrayFixture.numbers(table.inputs()))
        .containsExactly(Float.parseFloat(first), Float.parseFloat(second));
  }

  @Test
  void aLongArrayIsReadInBlocks() throws IOException {
    float[] values = new float[100_003];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Path file =
        file(
            ArrayFixture.floats("(1, 100003)", values), ArrayFixture.floats("(1, 100003)", values));
    ArraysDescriptor descriptor = describe("", file);

    TableData table = table(descriptor, file, descriptor.profile().target());

    assertThat(ArrayFixture.numbers(table.inputs())).isEqualTo(values);
    assertThat(descriptor.profile().x().mean()).isEqualTo(50_001);
  }

  @Test
  void manyDifferentWholeNumbersAreValues() throws IOException {
    long[] many = new long[10_001];
    Arrays.setAll(many, i -> i);
    Path file =
        file(
            ArrayFixture.floats("(10001, 1)", new float[10_001]),
            ArrayFixture.longs("(10001,)", many));

    assertThat(describe("", file).profile().target()).isEqualTo(new Target.Values(Shape.of(1)));
  }

  @Test
  void aFileThatHasChangedIsNoticed() throws IOException {
    Path file = file(ArrayFixture.floats("(2,)", 1, 2), TWO);
    ArraysDescriptor descriptor = describe("", file);
    Target classes = new Target.Classes(2, List.of());

    Path longer = file(ArrayFixture.floats("(2, 1)", 1, 2), TWO);
    assertThat(catchThrowableOfType(Problem.class, () -> table(descriptor, longer, classes)))
        .hasMessageContaining("not the one that was profiled: x has the shape [2, 1]");
    Path other = file(ArrayFixture.floats("(2,)", 1, 2), ArrayFixture.longs("(2,)", 5, 4));
    assertThat(catchThrowableOfType(Problem.class, () -> table(descriptor, other, classes)))
        .hasMessageContaining("not the one that was profiled: y has the new class 4");
  }

  @Test
  void theSpecHasFewMembers() {
    Problem problem =
        catchThrowableOfType(Problem.class, () -> spec(", 'target': 'y', 'normalize': 'no'"));
    assertThat(problem.places())
        .extracting(Problem.Place::pointer)
        .containsExactlyInAnyOrder("/target", "/normalize");
    Problem empty = catchThrowableOfType(Problem.class, () -> spec(", 'input_shape': []"));
    assertThat(empty.places()).extracting(Problem.Place::pointer).containsExactly("/input_shape");
  }
}
