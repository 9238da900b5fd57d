package io.trainyard.datasets;

import static io.trainyard.datasets.CsvFixture.describe;
import static io.trainyard.datasets.CsvFixture.read;
import static io.trainyard.datasets.CsvFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CsvTableTest {
  private static final Target VALUE = new Target.Values(Shape.of(1));

  @Test
  void readsIris() throws IOException {
    Path file = CsvFixture.EXAMPLES.resolve("iris.csv");
    CsvDescriptor iris = CsvDescriptor.of(spec("'target': 'species'"), file);

    TableData data;
    try (InputStream in = Files.newInputStream(file)) {
      data = CsvTable.read(in, iris, iris.profile().target());
    }

    assertThat(data.shape()).isEqualTo(iris.shape());
    assertThat(data.features().isDirect()).isTrue();
    assertThat(data.features().order()).isEqualTo(ByteOrder.nativeOrder());
    assertThat(data.features().alignmentOffset(0, 64)).as("torch's alignment").isZero();
    float[] features = array(data.inputs());
    assertThat(features).hasSize(600).startsWith(5.1f, 3.5f, 1.4f, 0.2f).endsWith(1.8f);
    long[] classes = array(data.classes());
    assertThat(classes).hasSize(150).startsWith(0, 0).endsWith(2, 2).contains(1);
    assertThat(data.values()).isNull();
  }

  @Test
  void readsDigitsFromGzip() throws IOException {
    Path file = CsvFixture.EXAMPLES.resolve("digits.csv.gz");
    CsvDescriptor digits =
        CsvDescriptor.of(spec("'target': 'digit', 'input_shape': [1, 8, 8]"), file);
    Target seen = new Target.Classes(10, List.of());

    TableData data;
    try (InputStream in = Files.newInputStream(file)) {
      data = CsvTable.read(in, digits, seen);
    }

    assertThat(data.shape()).isEqualTo(new DatasetShape(1797, Shape.of(1, 8, 8), seen));
    assertThat(array(data.inputs())).hasSize(1797 * 64).startsWith(0, 0, 5, 13, 9, 1);
    assertThat(array(data.classes())).hasSize(1797).startsWith(0, 1, 2, 3, 4).endsWith(8, 9, 8);
  }

  @Test
  void encodesCategoriesByTheirSortedClassesInTheOrderOfTheFeatures() {
    String file = "a,b,c,y\nred,1,u,0.5\nblue,2,v,1.5\ngreen,3,u,2.5\n";
    CsvDescriptor descriptor =
        describe("'target': 'y', 'features': ['c', 'b', 'a'], 'normalize': 'minmax'", file);

    TableData data = read(descriptor, file, VALUE);

    assertThat(array(data.inputs()))
        .containsExactly(
            1, 0, 1, 0, 0, 1, //
            0, 1, 2, 1, 0, 0, //
            1, 0, 3, 0, 1, 0);
    assertThat(array(data.values())).containsExactly(0.5f, 1.5f, 2.5f);
    assertThat(data.classes()).isNull();
    assertThat(data.normalization()).isEqualTo(Normalization.MINMAX);
  }

  @Test
  void givesWholeNumbersAsClassesInAscendingOrderOrAsValues() {
    String file = "x,y\n1,10\n1,-2\n1,+9\n1,010\n";
    CsvDescriptor descriptor = describe("'target': 'y'", file);

    assertThat(array(read(descriptor, file, new Target.Classes(3, List.of())).classes()))
        .containsExactly(2, 0, 1, 2);
    assertThat(array(read(descriptor, file, VALUE).values())).containsExactly(10, -2, 9, 10);
  }

  @Test
  void refusesToSeeATargetAsWhatItIsNot() {
    String texts = "x,y\n1,a\n";
    String decimals = "x,y\n1,0.5\n";

    assertThatThrownBy(() -> read(describe("'target': 'y'", texts), texts, VALUE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                read(
                    describe("'target': 'y'", decimals),
                    decimals,
                    new Target.Classes(1, List.of())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noticesThatTheFileIsAnother() {
    CsvDescriptor descriptor = describe("'target': 'y'", "x,c,y\n1,a,0.5\n2,b,0.5\n");

    for (String other :
        List.of(
            "x,c,y\n1,a,0.5\n",
            "x,c,y\n1,a,0.5\n2,b,0.5\n3,b,0.5\n",
            "c,x,y\na,1,0.5\nb,2,0.5\n",
            "x,c,y\n1,a,0.5\n2,other,0.5\n",
            "x,c,y\n1,a,0.5\nNaN,b,0.5\n")) {
      assertThatThrownBy(() -> read(descriptor, other, VALUE)).isInstanceOf(Problem.class);
    }
  }

  private static float[] array(@Nullable FloatBuffer buffer) {
    float[] values = new float[Objects.requireNonNull(buffer).remaining()];
    buffer.get(values);
    return values;
  }

  private static long[] array(@Nullable LongBuffer buffer) {
    long[] values = new long[Objects.requireNonNull(buffer).remaining()];
    buffer.get(values);
    return values;
  }
}
