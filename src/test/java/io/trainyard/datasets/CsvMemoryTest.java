package io.trainyard.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Shape;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CsvMemoryTest {
  private static final int ROWS = 200_000;
  private static final int FEATURES = 20;
  private static final int HEAP_MEGABYTES = 24;

  @TempDir private Path directory;

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void profilesAndReadsAFileThatIsLargerThanTheHeap() throws Exception {
    Path file = directory.resolve("large.csv");
    write(file);
    assertThat(Files.size(file)).isGreaterThan(HEAP_MEGABYTES * 1_000_000L);

    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MEGABYTES + "m",
                "-XX:MaxDirectMemorySize=100m",
                "-cp",
                System.getProperty("java.class.path"),
                CsvMemoryTest.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();

    assertThat(process.waitFor()).as(Files.readString(output)).isZero();
    assertThat(Files.readAllLines(output))
        .containsExactly(
            ROWS + " rows, input [" + FEATURES + "], 3 classes",
            "last input " + (float) value(ROWS - 1, FEATURES - 1) + ", class " + (ROWS - 1) % 3);
  }

  /** What runs in the small process. */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    CsvSpec spec = new CsvSpec("large", "csv", "y", null, null, Normalization.NONE);
    CsvDescriptor descriptor = CsvDescriptor.of(spec, file);
    Target.Classes target = (Target.Classes) descriptor.profile().target();
    Shape input = descriptor.shape().input();
    System.out.println(
        descriptor.shape().rows() + " rows, input " + input + ", " + target.count() + " classes");
    try (InputStream in = Files.newInputStream(file)) {
      TableData data = CsvTable.read(in, descriptor, target);
      float last = data.inputs().get(data.inputs().limit() - 1);
      long label = data.classes() == null ? -1 : data.classes().get(ROWS - 1);
      System.out.println("last input " + last + ", class " + label);
    }
  }

  private static double value(int row, int column) {
    return (row * 31L + column * 17L) % 100_000 / 1_000.0;
  }

  private static void write(Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < FEATURES; i++) {
        out.write("c" + i + ",");
      }
      out.write("y\n");
      for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < FEATURES; column++) {
          out.write(value(row, column) + ",");
        }
        out.write(List.of("a", "b", "c").get(row % 3) + "\n");
      }
    }
  }
}
