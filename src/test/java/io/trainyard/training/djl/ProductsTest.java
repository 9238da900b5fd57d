package io.trainyard.training.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProductsTest {
  @TempDir private Path directory;

  @Test
  void knowsProcessorsThatMklSlowsDown() throws IOException {
    assertThat(slowedDown("AuthenticAMD", "fma avx2 avx512f avx512vl")).isTrue();
    assertThat(slowedDown("AuthenticAMD", "fma avx2")).isFalse();
    assertThat(slowedDown("GenuineIntel", "fma avx2 avx512f")).isFalse();
    assertThat(Products.slowedDown(directory.resolve("missing"))).isFalse();
  }

  @Test
  void leavesSmallProductsAndOtherDevicesToTorch() {
    Products some = new Products(true, 64);
    assertThat(some.matmul("a", "b", 256 * 128)).startsWith("ops.mkldnn.");
    assertThat(some.matmul("a", "b", 128 * 10)).isEqualTo("torch.matmul(a, b)");
    assertThat(Products.on(Device.gpu(0), 1 << 20)).isEqualTo(new Products(false, 1 << 20));
  }

  private boolean slowedDown(String vendor, String flags) throws IOException {
    String processor = "vendor_id\t: %s\nflags\t\t: fpu %s\n\n".formatted(vendor, flags);
    Path file = Files.writeString(directory.resolve("cpuinfo"), processor + processor);
    return Products.slowedDown(file);
  }
}
