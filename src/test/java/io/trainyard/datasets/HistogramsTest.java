package io.trainyard.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.datasets.Histograms.Histogram;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class HistogramsTest {

  private static Histograms of(String members, String file) throws IOException {
    byte[] bytes = CsvFixture.bytes(file);
    CsvDescriptor descriptor = CsvFixture.describe(CsvFixture.spec(members), bytes);
    return Histograms.of(new ByteArrayInputStream(bytes), descriptor);
  }

  @Test
  void numbersAreCountedInPartsOfEqualWidth() throws IOException {
    StringBuilder file = new StringBuilder("x,y\n");
    for (int i = 0; i <= 480; i++) {
      file.append(i / 10.0).append(",a\n");
    }

    Histogram x = of("'target': 'y'", file.toString()).columns().get(0);

    List<Double> edges = Objects.requireNonNull(x.edges());
    assertThat(edges).hasSize(25).startsWith(0.0);
    assertThat(edges.get(24)).isCloseTo(48.0, within(1e-9));
    assertThat(x.counts()).hasSize(24).startsWith(20L, 20L).endsWith(20L, 21L);
    assertThat(x.labels()).isNull();
  }

  @Test
  void fewWholeNumbersAreCountedOneByOne() throws IOException {
    Histogram x = of("'target': 'y'", "x,y\n-1,a\n1,b\n1,a\n").columns().get(0);

    assertThat(x.labels()).containsExactly("-1", "0", "1");
    assertThat(x.counts()).containsExactly(1L, 0L, 2L);
  }

  @Test
  void aNumberThatIsAlwaysTheSameFillsOnePart() throws IOException {
    Histogram x = of("'target': 'y'", "x,y\n0.5,a\n0.5,b\n").columns().get(0);

    assertThat(x.counts()).startsWith(2L, 0L);
  }

  @Test
  void ofManyTextsTheMostFrequentAreShown() throws IOException {
    StringBuilder file = new StringBuilder("x,y\n");
    for (int i = 0; i < 40; i++) {
      String row = "t" + (100 + i) + ",1\n";
      file.append(i < 24 ? row + row : row);
    }

    Histogram x = of("'target': 'y'", file.toString()).columns().get(0);

    assertThat(x.labels()).hasSize(24).startsWith("t100").endsWith("t123");
    assertThat(x.counts()).containsOnly(2L);
    assertThat(x.other()).isEqualTo(16);
  }

  @Test
  void cellsThatAreNoNumbersArePassedOverWhereTheColumnIsNotUsed() throws IOException {
    String file = "x,z,y\n1.5,1,a\nabc,2,b\n2.5,3,a\n,4,b\n3.5,5,b\n";

    Histogram x = of("'target': 'y', 'features': ['z']", file).columns().get(0);

    assertThat(x.counts().stream().mapToLong(n -> n).sum()).isEqualTo(3);
  }

  @Test
  void onlyTheBeginningOfALargeFileIsCounted() throws IOException {
    Histograms histograms = of("'target': 'y'", "x,y\n" + "1,a\n".repeat(100_001));

    assertThat(histograms.rows()).isEqualTo(100_000);
    assertThat(histograms.columns().get(1).counts()).containsExactly(100_000L);
  }
}
