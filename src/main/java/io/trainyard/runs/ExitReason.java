package io.trainyard.runs;

import io.trainyard.jobs.Reason;
import java.util.List;

/** What the exit of a runner's process tells of a run that has not reported its end. */
public final class ExitReason {
  /** Of a JVM with {@code -XX:+ExitOnOutOfMemoryError}. */
  private static final int HEAP_EXHAUSTED = 3;

  /** Of a JVM that gives up; it prints why. */
  private static final int JVM_FAILED = 1;

  private static final int SIGNAL = 128;
  private static final int ABORTED = SIGNAL + 6;

  /** What the JVM, C++ and torch say when the system gives no memory. */
  private static final List<String> NO_MEMORY =
      List.of(
          "There is insufficient memory for the Java Runtime Environment to continue",
          "instance of 'std::bad_alloc'",
          "DefaultCPUAllocator: can't allocate memory",
          "CUDA out of memory");

  private ExitReason() {}

  /**
   * What an exit code means.
   *
   * @param lastWords the end of the log, or the JVM's report of a crash; empty if there is none
   */
  public static RunLauncher.Exit of(int code, String lastWords) {
    if (code == HEAP_EXHAUSTED) {
      return new RunLauncher.Exit(
          code, Reason.OUT_OF_MEMORY, "exhausted its Java heap (trainyard.runner.heap)", lastWords);
    }
    if ((code == JVM_FAILED || code == ABORTED)
        && NO_MEMORY.stream().anyMatch(lastWords::contains)) {
      return new RunLauncher.Exit(
          code, Reason.OUT_OF_MEMORY, "got no more native memory from the system", lastWords);
    }
    return new RunLauncher.Exit(
        code,
        Reason.NATIVE_CRASH,
        "ended with exit code " + code + signal(code) + " and without a result",
        lastWords);
  }

  private static String signal(int code) {
    return switch (code) {
      case ABORTED -> " (SIGABRT)";
      case SIGNAL + 7 -> " (SIGBUS)";
      case SIGNAL + 9 -> " (SIGKILL, which the kernel sends, too, when memory runs out)";
      case SIGNAL + 11 -> " (SIGSEGV)";
      case SIGNAL + 15 -> " (SIGTERM)";
      default -> "";
    };
  }
}
