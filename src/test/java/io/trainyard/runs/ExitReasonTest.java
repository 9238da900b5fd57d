package io.trainyard.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.jobs.Reason;
import org.junit.jupiter.api.Test;

class ExitReasonTest {
  private static Reason reason(int code, String lastWords) {
    return ExitReason.of(code, lastWords).reason();
  }

  @Test
  void anExhaustedHeapIsToldByTheExitCode() {
    assertThat(reason(3, "Terminating due to java.lang.OutOfMemoryError: Java heap space"))
        .isEqualTo(Reason.OUT_OF_MEMORY);
  }

  @Test
  void exhaustedNativeMemoryIsToldByTheLastWords() {
    assertThat(
            reason(
                134,
                "terminate called after throwing an instance of 'std::bad_alloc'\n"
                    + "  what():  std::bad_alloc\n"))
        .isEqualTo(Reason.OUT_OF_MEMORY);
    assertThat(
            reason(
                1,
                "# There is insufficient memory for the Java Runtime Environment to continue.\n"
                    + "# Native memory allocation (mmap) failed to map 1 bytes\n"))
        .isEqualTo(Reason.OUT_OF_MEMORY);
  }

  @Test
  void whatElseEndsAProcessIsACrash() {
    assertThat(reason(134, "# A fatal error has been detected")).isEqualTo(Reason.NATIVE_CRASH);
    assertThat(reason(1, "Could not find or load main class")).isEqualTo(Reason.NATIVE_CRASH);
    assertThat(ExitReason.of(137, "std::bad_alloc").detail())
        .startsWith("ended with exit code 137 (SIGKILL");
  }
}
