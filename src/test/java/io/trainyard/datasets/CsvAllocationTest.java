package io.trainyard.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading a file of numbers makes no object for a cell: an object for each slows it down. */
class CsvAllocationTest {
  private static final int ROWS = 20_000;
  private static final int FEATURES = 20;
  private static final int FIXED_BYTES = 1 << 20;

  /** A String and its array take some 48 bytes for a cell of 8. */
  private static final double PER_BYTE = 0.8;

  private final CsvSpec spec = CsvFixture.spec("'target': 'y'");
  @TempDir private Path directory;

  @Test
  void allocatesLessThanTheFileHas() throws IOException {
    byte[] bytes = file();
    Path file = Files.write(directory.resolve("numbers.csv"), bytes);
    double most = FIXED_BYTES + PER_BYTE * bytes.length;

    long start = allocated();
    CsvDescriptor descriptor = CsvDescriptor.of(spec, file);
    long profiled = allocated();
    TableData data =
        CsvTable.read(new ByteArrayInputStream(bytes), descriptor, descriptor.profile().target());
    long read = allocated();

    assertThat(data.shape().rows()).isEqualTo(ROWS);
    assertThat(profiled - start).isLessThan((long) most);
    assertThat(read - profiled).isLessThan((long) most);
  }

  private static byte[] file() {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < FEATURES; i++) {
      text.append('x').append(i).append(',');
    }
    text.append("y\n");
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < FEATURES; i++) {
        text.append(random.nextInt(1_000_000) / 1e4).append(',');
      }
      text.append(row % 2 == 0 ? "even\n" : "odd\n");
    }
    return CsvFixture.bytes(text.toString());
  }

  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
