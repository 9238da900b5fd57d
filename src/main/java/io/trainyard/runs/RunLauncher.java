package io.trainyard.runs;

import io.trainyard.jobs.AttemptId;
import io.trainyard.jobs.Reason;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Starts runners somewhere. */
public interface RunLauncher {

  /**
   * What a runner needs to know.
   *
   * @param server where it reports to
   */
  record Request(AttemptId id, String token, URI server) {}

  /**
   * How a runner ended.
   *
   * @param code null if it is not known
   * @param reason the job's, if the runner has not reported an end itself
   * @param detail for people; continues "attempt 1 …"
   * @param lastWords of a runner that failed: its JVM's report of a crash, or the end of its log
   */
  record Exit(@Nullable Integer code, Reason reason, String detail, String lastWords) {}

  /** A started runner. */
  interface Handle {
    /** How the runner ended, once it has. */
    CompletableFuture<Exit> exit();

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
