package io.trainyard.serving;

import io.trainyard.artifacts.ArtifactStore;
import io.trainyard.artifacts.JobDirectories;
import io.trainyard.runner.protocol.PredictorOrder;
import io.trainyard.runner.protocol.PredictorReply;
import io.trainyard.serving.PredictorProcess.EndedException;
import io.trainyard.serving.PredictorSession.Sent;
import io.trainyard.shared.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Service;

/**
 * Has models loaded and predictions made by one process, which is started when it is needed and
 * again when it has ended. Orders have no effect but their replies, so those whose process ended
 * are given to the next one.
 */
@Service
public class Predictor implements DisposableBean {
  private static final Logger LOG = LoggerFactory.getLogger(Predictor.class);

  private final ServingProperties properties;
  private final ArtifactStore artifacts;
  private final JobDirectories directories;
  private final PredictorSession session;
  private final Semaphore places;

  /** Held while a model is fetched and loaded: many requests for one model load it once. */
  private final ReentrantLock loading = new ReentrantLock(true);

  private final Map<String, String> failures = new ConcurrentHashMap<>();
  private volatile @Nullable String fetched;

  Predictor(ServingProperties properties, JobDirectories directories, ArtifactStore artifacts) {
    this.properties = properties;
    this.artifacts = artifacts;
    this.directories = directories;
    this.session = new PredictorSession(properties, directories);
    this.places = new Semaphore(properties.queue());
  }

  /** How a model is in memory, on this server. */
  enum State {
    LOADED,
    LOADING,
    /** It will be loaded when it is needed. */
    AWAY,
    /** The last try to load it failed. */
    FAILED
  }

  /**
   * Predicts. It may be done twice.
   *
   * @param inputs float32, little endian, row after row, not yet scaled
   * @return the outputs in the same form
   * @throws Problem of kind QUEUE_FULL if too many wait or this one waited too long, TIMEOUT if it
   *     takes too long, UNAVAILABLE if there is no process or it crashes, CONFLICT if the model
   *     cannot be loaded, INVALID if the engine refuses the values
   */
  ByteBuffer predict(ServedModel model, int rows, ByteBuffer inputs) {
    PredictorReply reply =
        queued(
            model, new PredictorOrder.Predict(model.key(), rows, inputs), properties.timeLimit());
    if (reply instanceof PredictorReply.Outputs outputs) {
      return outputs.outputs();
    }
    if (reply instanceof PredictorReply.Refused refused) {
      throw Problem.invalid("/instances", "PyTorch refused: " + refused.reason());
    }
    throw new IllegalStateException("the predictor failed: " + reply);
  }

  /**
   * Loads a model if it is not in memory.
   *
   * @throws Problem as {@link #predict}
   */
  void load(ServedModel model) {
    queued(model, null, properties.loadLimit());
  }

  State state(String key) {
    CompletableFuture<PredictorReply> loaded = session.look(key);
    if (loaded != null) {
      return loaded.isDone() ? State.LOADED : State.LOADING;
    }
    if (key.equals(fetched)) {
      return State.LOADING;
    }
    return failures.containsKey(key) ? State.FAILED : State.AWAY;
  }

  /** Why the last try to load a model failed; null if it did not. */
  @Nullable String failure(String key) {
    return failures.get(key);
  }

  /** A model is not needed any more. */
  void forget(String key) {
    failures.remove(key);
  }

  /** How many models the process has in memory. */
  public int loadedModels() {
    return session.models();
  }

  /** What their tensors take. */
  public long loadedBytes() {
    return session.bytes();
  }

  private PredictorReply queued(
      ServedModel model, PredictorOrder.@Nullable Predict order, Duration limit) {
    if (model.bytes() > properties.memory().toBytes()) {
      throw Problem.conflict(
          "the model has %d bytes, more than trainyard.serving.memory (%d)"
              .formatted(model.bytes(), properties.memory().toBytes()));
    }
    if (!places.tryAcquire()) {
      throw new Problem(
          Problem.Kind.QUEUE_FULL,
          properties.queue() + " predictions are waiting already (trainyard.serving.queue)");
    }
    try {
      return untilAnswered(model, order, limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(Problem.Kind.UNAVAILABLE, "the server is stopping");
    } finally {
      places.release();
    }
  }

  private PredictorReply untilAnswered(
      ServedModel model, PredictorOrder.@Nullable Predict order, Duration limit)
      throws InterruptedException {
    boolean crashed = false;
    while (true) {
      // The time that the process takes to start is not the prediction's.
      session.start();
      try {
        return once(model, order, System.nanoTime() + limit.toNanos());
      } catch (EndedException e) {
        if (e.late()) {
          throw new Problem(
              Problem.Kind.TIMEOUT,
              "not done in time (trainyard.serving.time-limit and load-limit)");
        }
        if (e.atWork() && crashed) {
          throw new Problem(
              Problem.Kind.UNAVAILABLE, "the process that predicts crashed twice with this");
        }
        crashed |= e.atWork();
      }
    }
  }

  private PredictorReply once(
      ServedModel model, PredictorOrder.@Nullable Predict order, long deadline)
      throws InterruptedException, EndedException {
    long until = deadline;
    Sent sent = session.send(model, order, until);
    if (sent == null) {
      if (!loading.tryLock(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw waitedTooLong();
      }
      try {
        sent = session.send(model, order, until);
        if (sent == null) {
          sent = fetchAndSend(model, order, until);
          // The time that the model took is not the prediction's.
          until = Math.max(until, System.nanoTime() + properties.timeLimit().toNanos());
        }
      } finally {
        loading.unlock();
      }
    }
    requireLoaded(await(sent.loaded(), until), model);
    // A wait of its own, for its turn is over when its work begins.
    return await(sent.reply(), until + properties.timeLimit().toNanos());
  }

  private Sent fetchAndSend(
      ServedModel model, PredictorOrder.@Nullable Predict order, long deadline)
      throws InterruptedException, EndedException {
    fetched = model.key();
    Path file = null;
    try {
      file = fetch(model);
      long begun = System.nanoTime();
      Sent sent =
          session.loadAndSend(
              model, file, order, Math.max(deadline, begun + properties.timeLimit().toNanos()));
      // The file is needed until then, whether or not somebody still waits for the model.
      PredictorReply loaded =
          await(sent.loaded(), begun + properties.loadLimit().multipliedBy(2).toNanos());
      if (loaded instanceof PredictorReply.Done) {
        failures.remove(model.key());
      } else {
        session.forget(model.key());
        failures.put(model.key(), reason(loaded));
      }
      return sent;
    } finally {
      fetched = null;
      delete(file);
    }
  }

  private static void requireLoaded(PredictorReply reply, ServedModel model) {
    if (reply instanceof PredictorReply.Refused) {
      throw Problem.conflict("the model cannot be loaded: " + reason(reply));
    }
    if (!(reply instanceof PredictorReply.Done)) {
      throw new IllegalStateException("the predictor cannot load " + model.key() + ": " + reply);
    }
  }

  private static String reason(PredictorReply reply) {
    return reply instanceof PredictorReply.Refused refused
        ? refused.reason()
        : "the predictor failed; its log has the cause";
  }

  private Path fetch(ServedModel model) {
    Path file = null;
    try (InputStream content = artifacts.open(model.job(), model.file()).orElse(null)) {
      if (content == null) {
        failures.put(model.key(), "its file is gone");
        throw Problem.conflict("the model's file has been deleted");
      }
      file = directories.newSpool();
      Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      LOG.warn("{} of {} cannot be fetched", model.file(), model.job(), e);
      failures.put(model.key(), "its file cannot be fetched");
      delete(file);
      throw new Problem(Problem.Kind.UNAVAILABLE, "the model's file cannot be fetched");
    }
  }

  private static void delete(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be deleted: {}", file, e.toString());
    }
  }

  private static PredictorReply await(CompletableFuture<PredictorReply> reply, long deadline)
      throws InterruptedException, EndedException {
    try {
      return reply.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw waitedTooLong();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof EndedException end) {
        throw new EndedException(end.atWork(), end.late());
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  static Problem waitedTooLong() {
    return new Problem(
        Problem.Kind.QUEUE_FULL, "other predictions took too long for this one's turn");
  }

  @Override
  public void destroy() {
    session.close();
  }
}
