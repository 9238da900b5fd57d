package io.trainyard.runs;

import io.trainyard.jobs.AttemptId;
import io.trainyard.jobs.Reason;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Starts runners somewhere. */
public interface RunLauncher {

  /**
   * What a runner needs to know, and what it needs.
   *
   * @param server where it reports to
   * @param device as the job's document names it: auto, cpu, cuda or cuda:N
   * @param secondsLeft of the job's max_runtime_seconds; null without one
   */
  record Request(
      AttemptId id, String token, URI server, String device, @Nullable Double secondsLeft) {}

  /**
   * How a runner ended.
   *
   * @param code null if it is not known
   * @param reason the job's, if the runner has not reported an end itself
   * @param detail for people; continues "attempt 1 …"
   * @param lastWords of a runner that failed: its JVM's report of a crash, or the end of its log
   */
  record Exit(@Nullable Integer code, Reason reason, String detail, String lastWords) {
    public Exit(@Nullable Integer code, Reason reason, String detail) {
      this(code, reason, detail, "");
    }
  }

  /** A started runner. */
  interface Handle {
    /** How the runner ended, once it has. */
    CompletableFuture<Exit> exit();

    /** Asks the runner to end and makes it end after {@code grace}. */
    void kill(Duration grace);
  }

  /** The place where runners start does not answer now; the job is better off in the queue. */
  final class UnavailableException extends IOException {
    private static final long serialVersionUID = 1L;

    public UnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  Handle launch(Request request) throws IOException;

  /**
   * Finds the runner of an attempt that this server's former self, or another server, has launched.
   *
   * @return empty if there is none
   */
  default Optional<Handle> attach(AttemptId id) throws IOException {
    return Optional.empty();
  }

  /** Whether runners go on without the server that launched them. */
  default boolean detached() {
    return false;
  }

  /**
   * Readies a runner for the next launch, if this kind of launcher can and none is ready.
   *
   * @param server where it will report to
   */
  default void prepare(URI server) throws IOException {}
}
