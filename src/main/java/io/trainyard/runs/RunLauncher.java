package io.trainyard.runs;

import io.trainyard.jobs.AttemptId;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Starts runners somewhere. */
public interface RunLauncher {

  /**
   * What a runner needs to know.
   *
   * @param server where it reports to
   */
  record Request(AttemptId id, String token, URI server) {}

  /** A started runner. */
  interface Handle {
    /** The exit code, once the runner has ended. */
    CompletableFuture<Integer> exit();

    /** Asks the runner to end and makes it end after {@code grace}. */
    void kill(Duration grace);
  }

  Handle launch(Request request) throws IOException;

  /**
   * Readies a runner for the next launch, if this kind of launcher can and none is ready.
   *
   * @param server where it will report to
   */
  default void prepare(URI server) throws IOException {}
}
