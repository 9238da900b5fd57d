import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** The same request many times, by a few clients that each wait for the answer. */
final class Requests {
  private final String what;
  private final long[] nanos;
  private final double seconds;

  private Requests(String what, long[] nanos, double seconds) {
    this.what = what;
    this.nanos = nanos;
    this.seconds = seconds;
  }

  interface Request {
    void send(int n) throws IOException, InterruptedException;
  }

  static Requests run(String what, int clients, int count, Request request)
      throws IOException, InterruptedException {
    long[] nanos = new long[count];
    AtomicInteger next = new AtomicInteger();
    AtomicReference<Exception> failure = new AtomicReference<>();
    Thread[] threads = new Thread[clients];
    long begun = System.nanoTime();
    for (int c = 0; c < clients; c++) {
      threads[c] =
          new Thread(
              () -> {
                try {
                  for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                    long sent = System.nanoTime();
                    request.send(n);
                    nanos[n] = System.nanoTime() - sent;
                  }
                } catch (IOException | InterruptedException | RuntimeException e) {
                  failure.set(e);
                }
              });
      threads[c].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new Load.Failed(what + ": " + failure.get());
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    Arrays.sort(nanos);
    return new Requests(what, nanos, seconds);
  }

  static void head() {
    System.out.println("\n| request | per second | p50 ms | p99 ms | most ms |\n|---|---|---|---|---|");
  }

  void print() {
    System.out.println(
        String.format(
            Locale.ROOT,
            "| %s | %.0f | %.1f | %.1f | %.1f |",
            what,
            nanos.length / seconds,
            millis(0.5),
            millis(0.99),
            millis(1)));
  }

  private double millis(double part) {
    return nanos[(int) Math.ceil(part * nanos.length) - 1] / 1e6;
  }
}
