package io.trainyard.datasets;

import static io.trainyard.datasets.CsvFixture.bytes;
import static io.trainyard.datasets.CsvFixture.describe;
import static io.trainyard.datasets.CsvFixture.gzip;
import static io.trainyard.datasets.CsvFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.datasets.ColumnProfile.Kind;
import io.trainyard.datasets.ColumnProfile.Role;
import io.trainyard.shared.Json;
import io.trainyard.shared.Shape;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvProfileTest {

  @Test
  void profilesIris() throws IOException {
    CsvDescriptor iris =
        CsvDescriptor.of(spec("'target': 'species'"), CsvFixture.EXAMPLES.resolve("iris.csv"));

    assertThat(iris.shape())
        .isEqualTo(
            new DatasetShape(
                150,
                Shape.of(4),
                new Target.Classes(3, List.of("setosa", "versicolor", "virginica"))));
    ColumnProfile sepal = iris.profile().columns().get(0);
    assertThat(sepal.name()).isEqualTo("sepal_length");
    assertThat(sepal.kind()).isEqualTo(Kind.NUMERIC);
    assertThat(sepal.min()).isEqualTo(4.3);
    assertThat(sepal.max()).isEqualTo(7.9);
    assertThat(Objects.requireNonNull(sepal.mean())).isCloseTo(5.8433, within(1e-3));
    ColumnProfile species = iris.profile().columns().get(4);
    assertThat(species.role()).isEqualTo(Role.TARGET);
    assertThat(species.kind()).isEqualTo(Kind.CATEGORY);
    assertThat(species.distinct()).isEqualTo(3);
    assertThat(iris.profile().preview())
        .hasSize(5)
        .startsWith(List.of("5.1", "3.5", "1.4", "0.2", "setosa"));
  }

  @Test
  void profilesDigits() throws IOException {
    CsvDescriptor digits =
        CsvDescriptor.of(
            spec("'target': 'digit', 'input_shape': [1, 8, 8]"),
            CsvFixture.EXAMPLES.resolve("digits.csv.gz"));

    List<Long> ten = IntStream.range(0, 10).mapToObj(Long::valueOf).toList();
    assertThat(digits.shape())
        .isEqualTo(new DatasetShape(1797, Shape.of(1, 8, 8), new Target.Integers(ten)));
    assertThat(digits.profile().columns()).hasSize(65).allMatch(c -> c.kind() == Kind.INTEGER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 2 3|INTEGER",
        "-1 +2 007|INTEGER",
        "1 2 3.0|NUMERIC",
        "1e3 .5 5.|NUMERIC",
        "12345678901234567890 1 2|NUMERIC",
        "a b 1|CATEGORY",
        "1 2 x y|CATEGORY",
        "0x10 1d 1_0|CATEGORY",
        "- . e1|CATEGORY",
        "true false true|CATEGORY"
      })
  void infersTheKindOfAColumn(String cells, Kind kind) {
    String rows = cells.replace(" ", ",0\n") + ",0\n";

    CsvDescriptor descriptor = describe("'target': 'y'", "x,y\n" + rows);

    assertThat(descriptor.profile().columns().get(0).kind()).isEqualTo(kind);
  }

  @Test
  void seesDecimalsAsValuesAndTextsAsSortedClasses() {
    assertThat(describe("'target': 'y'", "x,y\n1,0.5\n1,2\n").profile().target())
        .isEqualTo(new Target.Values(Shape.of(1)));
    assertThat(describe("'target': 'y'", "x,y\n1,b\n1,a\n1,B\n1,b\n").profile().target())
        .isEqualTo(new Target.Classes(3, List.of("B", "a", "b")));
    assertThat(describe("'target': 'y'", "x,y\n1,3\n1,-7\n1,+3\n").profile().target())
        .isEqualTo(new Target.Integers(List.of(-7L, 3L)));
  }

  @Test
  void seesTooManyWholeNumbersAsValues() {
    String rows =
        IntStream.range(0, 10_001).mapToObj(i -> "1," + i).collect(Collectors.joining("\n"));

    assertThat(describe("'target': 'y'", "x,y\n" + rows).profile().target())
        .isEqualTo(new Target.Values(Shape.of(1)));
  }

  @Test
  void countsOneInputForEachClassOfACategory() {
    CsvDescriptor descriptor = describe("'target': 'y'", "a,b,y\nred,1,0.5\nblue,2,1.5\n,3,1.5\n");

    assertThat(descriptor.shape().input()).isEqualTo(Shape.of(4));
    ColumnProfile colour = descriptor.profile().columns().get(0);
    assertThat(colour.width()).isEqualTo(3);
    assertThat(colour.classes()).containsExactly("", "blue", "red");
  }

  @Test
  void keepsTheNumbersOfACategoryAsTexts() {
    for (String cells : List.of("x 7 y x", "7 x y x", "x y x 07 y 7")) {
      String rows = cells.replace(" ", ",0.5\n") + ",0.5\n";

      ColumnProfile mixed = describe("'target': 'y'", "a,y\n" + rows).profile().columns().get(0);

      assertThat(mixed.kind()).isEqualTo(Kind.CATEGORY);
      assertThat(mixed.classes())
          .isEqualTo(Stream.of(cells.split(" ")).distinct().sorted().toList());
    }
  }

  @Test
  void countsTheTextsOfAColumnWhateverItsNeighboursTakeBeforeTheyTurnOutToBeNumbers() {
    String rows =
        IntStream.range(0, 3_001)
            .mapToObj(
                i -> {
                  String late = i < 1_000 ? i + "t".repeat(249) : "7";
                  return "c" + i % 1_000 + "t".repeat(246) + "," + late + ",1,0";
                })
            .collect(Collectors.joining("\n"));

    CsvProfile profile =
        describe("'target': 'y', 'features': ['x']", "id,late,x,y\n" + rows).profile();

    assertThat(profile.columns().get(0).distinct()).isEqualTo(1_000);
    assertThat(profile.columns().get(1).kind()).isEqualTo(Kind.INTEGER);
  }

  @Test
  void leavesColumnsThatNobodyNamedOutAndForgivesTheirCells() {
    CsvDescriptor descriptor =
        describe("'target': 'y', 'features': ['b']", "a,b,y\n1,1,0\n2,2,1\nn/a,3,1\n,4,0\n");

    ColumnProfile ignored = descriptor.profile().columns().get(0);
    assertThat(ignored.role()).isEqualTo(Role.IGNORED);
    assertThat(ignored.kind()).isEqualTo(Kind.INTEGER);
    assertThat(ignored.mean()).isEqualTo(1.5);
    assertThat(ignored.width()).isZero();
    assertThat(descriptor.shape().input()).isEqualTo(Shape.of(1));
  }

  @Test
  void forgivesAnIgnoredColumnItsManyTexts() {
    String rows =
        IntStream.range(0, 1_001)
            .mapToObj(i -> "id" + i + ",1,0")
            .collect(Collectors.joining("\n"));

    CsvDescriptor descriptor = describe("'target': 'y', 'features': ['x']", "id,x,y\n" + rows);

    assertThat(descriptor.profile().columns().get(0).distinct()).isNull();
    assertThat(descriptor.profile().rows()).isEqualTo(1_001);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "größe,名前\n1,a\n2,b\n",
        "größe,名前\r\n1,a\r\n2,b\r\n",
        "größe,名前\n1,a\n2,b",
        "größe,名前\n1,a\n2,b\n\n",
        "größe,名前\n1,a\n\n2,b\n",
        "\uFEFFgröße,名前\n1,a\n2,b\n",
        "\"größe\",\"名前\"\n\"1\",\"a\"\n\"2\",\"b\"\n",
        " größe , 名前 \n 1 ,a \n2, b\n"
      })
  void readsTheSameFromManyWritings(String file) {
    CsvProfile profile = describe("'target': '名前'", file).profile();

    assertThat(profile.rows()).isEqualTo(2);
    assertThat(profile.columns()).extracting(ColumnProfile::name).containsExactly("größe", "名前");
    assertThat(profile.preview()).containsExactly(List.of("1", "a"), List.of("2", "b"));
    assertThat(describe(spec("'target': '名前'"), gzip(bytes(file))).profile()).isEqualTo(profile);
  }

  @Test
  void readsQuotedCellsWithCommasQuotesAndLineBreaks() {
    CsvProfile profile = describe("'target': 'y'", "x,y\n1,\"a, \"\"b\"\"\nc\"\n2,d\n").profile();

    assertThat(profile.target()).isEqualTo(new Target.Classes(2, List.of("a, \"b\"\nc", "d")));
  }

  @Test
  void cutsLongCellsInThePreview() {
    String text = "t".repeat(5_000);

    CsvProfile profile =
        describe("'target': 'y', 'features': ['x']", "x,y,note\n1,2," + text + "\n").profile();

    assertThat(profile.preview().get(0).get(2)).hasSize(101).endsWith("…");
  }

  @Test
  void travelsAsJson() throws IOException {
    CsvDescriptor iris =
        CsvDescriptor.of(
            spec("'target': 'species', 'normalize': 'standard', 'features': ['petal_width']"),
            CsvFixture.EXAMPLES.resolve("iris.csv"));

    String json = Json.write(iris);

    assertThat(Json.parse(json, DatasetDescriptor.class)).isEqualTo(iris);
    assertThat(json).contains("\"kind\":\"csv\"", "\"normalize\":\"standard\"");
  }
}
