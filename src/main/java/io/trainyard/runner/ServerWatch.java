package io.trainyard.runner;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends this process with the server that started it. */
final class ServerWatch {
  private static final Logger LOG = LoggerFactory.getLogger(ServerWatch.class);

  private ServerWatch() {}

  /**
   * The server holds the other end of standard input and writes no more: its end is the server's.
   */
  static void start() {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // nothing is ever sent
                }
              } catch (IOException e) {
                LOG.warn("standard input broke: {}", e.toString());
              }
              LOG.warn("the server is gone; ending");
              Runtime.getRuntime().halt(RunnerExit.ORPHANED.code());
            },
            "server-watch");
    watch.setDaemon(true);
    watch.start();
  }
}
