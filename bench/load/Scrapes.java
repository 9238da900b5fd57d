import java.util.concurrent.atomic.AtomicReference;

/** A Prometheus that asks once a second. */
final class Scrapes implements AutoCloseable {
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final Thread thread;

  Scrapes(LoadServer server) {
    thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  server.get("/actuator/prometheus");
                  Thread.sleep(1000);
                }
              } catch (InterruptedException e) {
                // the end
              } catch (java.io.IOException | RuntimeException e) {
                failure.set(e);
              }
            });
    thread.start();
  }

  void check() {
    if (failure.get() != null) {
      throw new Load.Failed("a scrape failed: " + failure.get());
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
