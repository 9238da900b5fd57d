import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The peak resident memory of a server's runner. It is gone with the process, so look often. */
final class PeakMemory {
  private final ProcessHandle server;
  private double kilobytes;

  PeakMemory(ProcessHandle server) {
    this.server = server;
  }

  void sample() {
    server.children().forEach(this::sample);
  }

  private void sample(ProcessHandle runner) {
    try {
      Path status = Path.of("/proc", Long.toString(runner.pid()), "status");
      String peak = Text.find(Files.readString(status), "VmHWM:\\s+(\\d+) kB");
      kilobytes = Math.max(kilobytes, peak == null ? 0 : Double.parseDouble(peak));
    } catch (IOException e) {
      // it has just ended
    }
  }

  double bytes() {
    return kilobytes * 1024;
  }
}
