package io.trainyard.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CellTest {
  private final Cell cell = new Cell();

  @ParameterizedTest
  @CsvSource({
    "7, INTEGER",
    "+07, INTEGER",
    "-0, INTEGER",
    "999999999999999999, INTEGER",
    "1000000000000000000, NUMBER",
    "1., NUMBER",
    ".5, NUMBER",
    "-1e5, NUMBER",
    "1E+05, NUMBER",
    "1e-400, NUMBER",
    "0e99999999999, NUMBER",
    "3.5e38, NOT_FINITE",
    "1e99999999999, NOT_FINITE",
    "-Infinity, NOT_FINITE",
    "+nan, NOT_FINITE",
    "., TEXT",
    "+, TEXT",
    "1e, TEXT",
    "1e+, TEXT",
    "e5, TEXT",
    "1.5f, TEXT",
    "0x10, TEXT",
    "1 000, TEXT",
    "1.2.3, TEXT",
    "--1, TEXT",
    "infinitely, TEXT",
    "'', EMPTY"
  })
  void tellsWhatATextIs(String text, Cell.Kind kind) {
    assertThat(Cell.kind(text)).isEqualTo(kind);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "-0.0",
        "+1",
        "0.1",
        "9007199254740993",
        "9007199254740993.0",
        "900719925474099.3e1",
        "123456789012345678",
        "1.2345678901234567890123",
        "00000000000000000000001.5",
        "4.35e22",
        "4.35e24",
        "1e-22",
        "1e-23",
        "2.2250738585072011e-308",
        "4.9e-324",
        "1e-99999999999",
        "3.4028235e38"
      })
  void readsANumberAsJavaDoes(String text) {
    assertReadsLikeJava(text);
  }

  @Test
  void readsRandomNumbersAsJavaDoes() {
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      double scale = Math.pow(10, random.nextInt(60) - 30);
      double number = random.nextGaussian() * scale;
      for (String text :
          List.of(
              Double.toString(number),
              Float.toString((float) number),
              String.format(Locale.ROOT, "%." + random.nextInt(12) + "f", number))) {
        assertReadsLikeJava(text);
      }
    }
  }

  private void assertReadsLikeJava(String text) {
    char[] row = ("x" + text + "9").toCharArray();
    assertThat(cell.read(row, 1, 1 + text.length()).finite()).as(text).isTrue();
    assertThat(cell.value()).as(text).isEqualTo(Double.parseDouble(text));
    assertThat(1 / cell.value()).as(text).isEqualTo(1 / Double.parseDouble(text));
  }
}
