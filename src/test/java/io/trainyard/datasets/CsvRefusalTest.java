package io.trainyard.datasets;

import static io.trainyard.datasets.CsvFixture.bytes;
import static io.trainyard.datasets.CsvFixture.gzip;
import static io.trainyard.datasets.CsvFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Problem;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvRefusalTest {
  private static final String TARGET = "'target': 'y'";

  @Test
  void refusesAnEmptyFile() {
    assertRefused(problem(TARGET, ""), "/file", "the file is empty");
    assertRefused(problem(TARGET, gzip(new byte[0])), "/file", "the file is empty");
    assertRefused(problem(TARGET, "\n\n"), "/file", "the file is empty");
  }

  @Test
  void refusesAHeaderWithoutRows() {
    assertRefused(problem(TARGET, "x,y\n"), "/file", "no rows");
  }

  @Test
  void refusesAFileWithoutAHeader() {
    assertRefused(problem(TARGET, "5.1,3\n4.9,3\n"), "/file", "must name the columns");
    assertRefused(problem(TARGET, "x,,y\n1,2,3\n"), "/file", "its cell 2 is empty");
    assertRefused(problem(TARGET, "x,y,x\n1,2,3\n"), "/file", "'x' is there twice");
    assertRefused(
        problem(TARGET, "x,y," + "z".repeat(257) + "\n1,2,3\n"), "/file", "256 characters");
  }

  @Test
  void refusesRaggedRows() {
    assertRefused(
        problem(TARGET, "x,y\n1,2\n3\n"), "/file", "line 3 has 1 cells, the header 2", "'y'");
    assertRefused(
        problem(TARGET, "x,y\n1,2,3\n"), "/file", "line 2 has 3 cells", "more after column 'y'");
  }

  @Test
  void refusesCellsThatAreNoNumbersAndNamesTheirPlaces() {
    Problem problem = problem(TARGET, "a,b,y\n1,1,0\n2,\"\",0\nabc,3,1\n4,4,1\n");

    assertThat(problem.places()).hasSize(2);
    assertRefused(problem, "/file", "line 4, column 'a': 'abc' is not a number");
    assertThat(problem.places().get(1).detail())
        .isEqualTo("line 3, column 'b': the cell is empty, in a column of numbers");
  }

  @Test
  void countsLinesAsAnEditorDoes() {
    assertRefused(
        problem(TARGET, "a,b,y\n1,\"two\nlines\",0\n\n2,t,0\nabc,t,1\n"),
        "/file",
        "line 6, column 'a'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "nan", "Infinity", "-inf", "1e39", "1e400"})
  void refusesNumbersThatAreNotFinite(String cell) {
    assertRefused(
        problem(TARGET, "a,y\n1,0\n2,1\n" + cell + ",1\n"),
        "/file",
        "line 4, column 'a': '" + cell + "' is not a finite float32 number");
  }

  @Test
  void refusesAColumnOfNothingButNaN() {
    assertRefused(problem(TARGET, "a,y\nnan,0\nnan,1\n"), "/file", "line 2, column 'a'");
  }

  @Test
  void refusesATextAmongTheTargetsNumbers() {
    assertRefused(problem(TARGET, "a,y\n1,0\n2,1\n3,one\n"), "/file", "line 4, column 'y'");
  }

  @Test
  void refusesAnEmptyTargetClass() {
    assertRefused(
        problem(TARGET, "a,y\n1,red\n2,\n"), "/file", "line 3, column 'y': the target is empty");
  }

  @Test
  void refusesColumnsThatAreNotThere() {
    Problem problem = problem("'target': 'z', 'features': ['x', 'u']", "x,y\n1,2\n");

    assertRefused(problem, "/target", "no column 'z'", "its columns are x, y");
    assertThat(problem.places().get(1).pointer()).isEqualTo("/features/1");
  }

  @Test
  void refusesAFileWithNothingButTheTarget() {
    assertRefused(problem(TARGET, "y\n1\n2\n"), "/file", "no column besides the target");
  }

  @Test
  void refusesAnInputShapeThatDoesNotFit() {
    assertRefused(
        problem("'target': 'y', 'input_shape': [1, 8, 8]", "a,b,y\n1,2,3\n"),
        "/input_shape",
        "[1, 8, 8] does not hold the 2 values");
    assertRefused(
        problem(
            "'target': 'y', 'input_shape': [2147483647, 2147483647, 2147483647]", "a,b,y\n1,2,3\n"),
        "/input_shape",
        "does not hold the 2 values");
  }

  @Test
  void refusesWhatIsNotUtf8() {
    byte[] latin = bytes("x,y\n1,a\n1,?\n");
    latin[latin.length - 2] = (byte) 0xe9;

    assertRefused(problem(TARGET, latin), "/file", "not UTF-8");
    assertRefused(problem(TARGET, gzip(latin)), "/file", "not UTF-8");
    assertRefused(problem(TARGET, new byte[] {(byte) 0xff, (byte) 0xfe, 'x', 0}), "/file", "UTF-8");
  }

  @Test
  void refusesDamagedGzip() {
    String rows =
        IntStream.range(0, 20_000)
            .mapToObj(i -> i + "," + i * 31)
            .collect(Collectors.joining("\n"));
    byte[] whole = gzip(bytes("x,y\n" + rows));

    for (int length : new int[] {2, 5, 11, whole.length / 2, whole.length - 1}) {
      assertRefused(
          problem(TARGET, Arrays.copyOf(whole, length)), "/file", "the gzip data ends too early");
    }
    whole[whole.length - 6] ^= 1;
    assertRefused(problem(TARGET, whole), "/file", "the gzip data is damaged");
  }

  @Test
  void refusesAQuoteThatNeverEnds() {
    assertRefused(problem(TARGET, "x,y\n1,2\n1,\"2\n3,4\n"), "/file", "after line 2", "not CSV");
    assertRefused(problem(TARGET, "x,y\n1,2\n1,\"2\"3\n"), "/file", "after line 2", "not CSV");
  }

  @Test
  void refusesACellWithoutEnd() {
    assertRefused(problem(TARGET, "x,y\n1," + "a".repeat(1_100_000) + "\n"), "/file", "not CSV");
  }

  @Test
  void refusesMoreClassesThanAFeatureMayHave() {
    String rows =
        IntStream.range(0, 1_001).mapToObj(i -> "id" + i + ",1").collect(Collectors.joining("\n"));

    assertRefused(problem(TARGET, "x,y\n" + rows), "/file", "'x'", "more than 1000 different");
    assertRefused(
        problem("'target': 'y', 'features': ['x']", "x,y\n" + rows), "/features/0", "'x'");
  }

  @Test
  void refusesMoreClassesThanATargetMayHave() {
    String rows =
        IntStream.range(0, 10_001).mapToObj(i -> "1,id" + i).collect(Collectors.joining("\n"));

    assertRefused(problem(TARGET, "x,y\n" + rows), "/target", "more than 10000 different");
  }

  @Test
  void refusesClassesThatAreTooLong() {
    assertRefused(
        problem(TARGET, "x,y\n" + "a".repeat(257) + ",1\n"), "/file", "more than 256 characters");
    String rows =
        IntStream.range(0, 9_000)
            .mapToObj(i -> "1," + "a".repeat(100) + i)
            .collect(Collectors.joining("\n"));
    assertRefused(problem(TARGET, "x,y\n" + rows), "/target", "more than 500000 characters");
  }

  private static void assertRefused(Problem problem, String pointer, String... parts) {
    assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID);
    assertThat(problem.places().get(0).pointer()).isEqualTo(pointer);
    assertThat(problem.places().get(0).detail()).contains(parts);
  }
}
