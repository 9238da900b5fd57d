package io.trainyard.training.djl;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who multiplies the matrices of a batch in a script: torch's choice on a CPU is MKL, whose kernels
 * for AMD stop at AVX2. oneDNN, also a part of torch, takes what the processor has and so halves
 * the time where that is AVX-512. It costs some microseconds a call, and autograd does not know it.
 *
 * @param oneDnn whether large products are oneDNN's
 * @param rows of the batch
 */
record Products(boolean oneDnn, int rows) {
  /** Torch's own choice for all. */
  static final Products TORCH = new Products(false, 0);

  /** Multiplications; with fewer, the call costs what the kernel gains. */
  private static final long SMALL = 1L << 20;

  private static final boolean FASTER = slowedDown(Path.of("/proc/cpuinfo"));

  /** For batches of {@code rows} on a device. */
  static Products on(Device device, int rows) {
    return new Products(FASTER && device.equals(Device.cpu()), rows);
  }

  /** Whether MKL leaves out the widest instructions of this processor. */
  static boolean slowedDown(Path cpuinfo) {
    try (Stream<String> lines = Files.lines(cpuinfo)) {
      // The first processor's; the others are alike.
      Set<String> words =
          Set.copyOf(
              lines
                  .takeWhile(line -> !line.isBlank())
                  .flatMap(line -> Stream.of(line.split("\\s+")))
                  .distinct()
                  .toList());
      return words.contains("AuthenticAMD") && words.contains("avx512f");
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * {@code x·Wᵀ + b}.
   *
   * @param weights of one row's product
   */
  String linear(String x, String weight, String bias, long weights) {
    return large(weights)
        ? "ops.mkldnn._linear_pointwise(%s, %s, %s, \"none\", annotate(List[Optional[number]], []), None)"
            .formatted(x, weight, bias)
        : "torch.linear(" + x + ", " + weight + ", " + bias + ")";
  }

  /** {@code a·b}. */
  String matmul(String a, String b, long weights) {
    return large(weights)
        ? linear(a, "torch.t(" + b + ")", "None", weights)
        : "torch.matmul(" + a + ", " + b + ")";
  }

  private boolean large(long weights) {
    return oneDnn && weights * rows >= SMALL;
  }
}
