package io.trainyard.runner;

import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.runner.protocol.RunOrder;
import io.trainyard.shared.Json;
import io.trainyard.training.Checkpoint;
import io.trainyard.training.ModelCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores checkpoints on a thread of its own, one at a time. One that waits gives way to a newer
 * one: training never waits for an upload, and memory holds two copies at most.
 */
final class CheckpointUploads {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointUploads.class);
  private static final long RETRY_MILLIS = TimeUnit.SECONDS.toMillis(1);

  /** Of a server that answers that it fails. One that does not answer is waited for. */
  private static final int MOST_REFUSALS = 5;

  /** Why a checkpoint is stored; the last reason counts. */
  enum Cause {
    EPOCH,
    TIME,
    REQUEST,
    PAUSE,
    STOP;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A checkpoint on its way. */
  private record Pending(Checkpoint checkpoint, Cause cause) {}

  private final ServerConnection server;
  private final Reporter reporter;
  private final RunOrder order;
  private final ModelCard card;
  private final long seed;
  private final String engine;
  private final Path directory;
  private @Nullable Pending waiting;
  private boolean busy;
  private boolean warned;

  /**
   * @param card of the model, but for the scaling
   * @param seed of the job, given or drawn
   * @param engine that trains
   * @param directory for the files while they are sent
   */
  CheckpointUploads(
      ServerConnection server,
      Reporter reporter,
      RunOrder order,
      ModelCard card,
      long seed,
      String engine,
      Path directory) {
    this.server = server;
    this.reporter = reporter;
    this.order = order;
    this.card = card;
    this.seed = seed;
    this.engine = engine;
    this.directory = directory;
  }

  void start() {
    Thread thread = new Thread(this::run, "checkpoints");
    thread.setDaemon(true);
    thread.start();
  }

  synchronized void offer(Checkpoint checkpoint, Cause cause) {
    Cause last = cause;
    if (waiting != null) {
      last = later(waiting.cause, cause);
      waiting.checkpoint.close();
    }
    waiting = new Pending(checkpoint, last);
    notifyAll();
  }

  /** Waits until the last one that was offered is stored, or given up. */
  synchronized void drain() throws InterruptedException {
    while (waiting != null || busy) {
      wait();
    }
  }

  private static Cause later(Cause a, Cause b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private void run() {
    try {
      while (true) {
        Pending next = take();
        try {
          store(next);
        } catch (IOException | RuntimeException e) {
          give(next, e);
        } finally {
          next.checkpoint.close();
          done();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Pending take() throws InterruptedException {
    while (waiting == null) {
      wait();
    }
    Pending next = waiting;
    waiting = null;
    busy = true;
    return next;
  }

  private synchronized void done() {
    busy = false;
    notifyAll();
  }

  private void store(Pending next) throws IOException, InterruptedException {
    Checkpoint checkpoint = next.checkpoint;
    int epoch = checkpoint.progress().epoch();
    Path state = directory.resolve("checkpoint-" + epoch + ".safetensors");
    Path manifest = directory.resolve("checkpoint-" + epoch + ".json");
    try {
      CheckpointFiles.Summary arrays = CheckpointFiles.write(state, checkpoint::write);
      CheckpointManifest content =
          CheckpointManifest.of(
              checkpoint, arrays, order, card.with(checkpoint.scaling()), seed, engine);
      CheckpointFiles.Summary described =
          CheckpointFiles.write(manifest, out -> out.write(Json.MAPPER.writeValueAsBytes(content)));
      // The memory is not needed while the network is slow.
      checkpoint.close();
      if (send(epoch, CheckpointFiles.STATE, state)
          && send(epoch, CheckpointFiles.MANIFEST, manifest)) {
        warned = false;
        reporter.report(
            new RunEvent.CheckpointDone(
                epoch,
                arrays.bytes() + described.bytes(),
                described.sha256(),
                next.cause.word(),
                checkpoint.best()));
      } else {
        inherit(next.cause);
      }
    } finally {
      Files.deleteIfExists(state);
      Files.deleteIfExists(manifest);
    }
  }

  /**
   * Sends a file, again and again if need be.
   *
   * @return false if a newer checkpoint came meanwhile
   */
  private boolean send(int epoch, String name, Path file) throws IOException, InterruptedException {
    int refusals = 0;
    while (true) {
      try {
        server.uploadCheckpoint(epoch, name, file);
        return true;
      } catch (ServerConnection.FencedException e) {
        LOG.warn("this attempt is fenced: {}", e.getMessage());
        Runtime.getRuntime().halt(RunnerExit.FENCED.code());
      } catch (ServerConnection.RefusedException e) {
        if (!e.passing() || ++refusals == MOST_REFUSALS) {
          throw e;
        }
      } catch (IOException e) {
        LOG.info("a checkpoint could not be sent: {}; trying again", e.toString());
      }
      if (newerComes()) {
        return false;
      }
    }
  }

  private synchronized boolean newerComes() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
    for (long left = RETRY_MILLIS; waiting == null && left > 0; ) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
    return waiting != null;
  }

  private synchronized void inherit(Cause cause) {
    if (waiting != null) {
      waiting = new Pending(waiting.checkpoint, later(waiting.cause, cause));
    }
  }

  private void give(Pending given, Exception e) {
    int epoch = given.checkpoint.progress().epoch();
    LOG.error("the checkpoint after epoch {} is given up", epoch, e);
    if (!warned) {
      warned = true;
      reporter.report(
          new RunEvent.Warning(
              "the checkpoint after epoch %d could not be stored: %s; training goes on"
                  .formatted(epoch, e.getMessage())));
    }
  }
}
