package io.trainyard.runner;

import io.trainyard.runner.protocol.RunCheckpoint;
import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.runner.protocol.RunOrder;
import io.trainyard.shared.Json;
import io.trainyard.training.SafetensorsFile;
import io.trainyard.training.SavedTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Finds the checkpoint that an order goes on from: the newest that is what it was when it was
 * stored. One that is not is passed over, with a warning.
 */
final class CheckpointDownload {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointDownload.class);
  private static final int TRIES = 3;
  private static final long RETRY_MILLIS = 500;

  private final ServerConnection server;
  private final Reporter reporter;
  private final String engine;
  private final Path directory;

  /**
   * @param engine that trains
   * @param directory for the files
   */
  CheckpointDownload(ServerConnection server, Reporter reporter, String engine, Path directory) {
    this.server = server;
    this.reporter = reporter;
    this.engine = engine;
    this.directory = directory;
  }

  /** A checkpoint that cannot be gone on from. */
  private static final class DamagedException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
      super(message);
    }
  }

  /**
   * Fetches and checks.
   *
   * @return null to begin
   * @throws IOException if the server cannot be reached
   */
  @Nullable SavedTraining find(RunOrder order) throws IOException, InterruptedException {
    Iterator<RunCheckpoint> checkpoints = order.checkpoints().iterator();
    while (checkpoints.hasNext()) {
      RunCheckpoint checkpoint = checkpoints.next();
      try {
        return read(order, checkpoint);
      } catch (DamagedException e) {
        LOG.warn("the checkpoint after epoch {}: {}", checkpoint.epoch(), e.getMessage());
        String next =
            checkpoints.hasNext() ? "the one before is tried" : "the training begins anew";
        reporter.report(
            new RunEvent.Warning(
                "the checkpoint after epoch %d cannot be used: %s; %s"
                    .formatted(checkpoint.epoch(), e.getMessage(), next)));
      }
    }
    return null;
  }

  private SavedTraining read(RunOrder order, RunCheckpoint checkpoint)
      throws IOException, InterruptedException, DamagedException {
    Path manifest = fetch(checkpoint, CheckpointFiles.MANIFEST);
    if (!CheckpointFiles.summarize(manifest).sha256().equals(checkpoint.sha256())) {
      throw new DamagedException("its manifest is damaged");
    }
    CheckpointManifest content = parse(manifest);
    Path state = fetch(checkpoint, CheckpointFiles.STATE);
    CheckpointFiles.Summary summary = CheckpointFiles.summarize(state);
    if (!summary.equals(content.state())) {
      throw new DamagedException(
          "its state is damaged: %d bytes with SHA-256 %s, the manifest says %d bytes with %s"
              .formatted(
                  summary.bytes(),
                  summary.sha256(),
                  content.state().bytes(),
                  content.state().sha256()));
    }
    if (!content.engine().equals(engine)) {
      reporter.report(
          new RunEvent.Warning(
              "the checkpoint is of %s, the run goes on with %s: last digits may differ"
                  .formatted(content.engine(), engine)));
    }
    return content.saved(order, open(state));
  }

  private static CheckpointManifest parse(Path manifest) throws IOException, DamagedException {
    CheckpointManifest content;
    try {
      content = Json.MAPPER.readValue(Files.readAllBytes(manifest), CheckpointManifest.class);
    } catch (JacksonException e) {
      throw new DamagedException("its manifest cannot be read: " + e.getOriginalMessage());
    }
    if (!content.known()) {
      throw new DamagedException("it is of format " + content.format() + ", which is not known");
    }
    return content;
  }

  private static SafetensorsFile open(Path state) throws DamagedException {
    try {
      SafetensorsFile file = SafetensorsFile.open(state);
      // It can be read until it is closed, and takes no room afterwards.
      Files.delete(state);
      return file;
    } catch (IOException e) {
      throw new DamagedException(String.valueOf(e.getMessage()));
    }
  }

  private Path fetch(RunCheckpoint checkpoint, String name)
      throws IOException, InterruptedException, DamagedException {
    Path file = directory.resolve(name);
    for (int tried = 1; ; tried++) {
      try {
        server.checkpoint(checkpoint, name, file);
        return file;
      } catch (ServerConnection.FencedException e) {
        throw e;
      } catch (ServerConnection.RefusedException e) {
        if (!e.passing() || tried == TRIES) {
          throw new DamagedException(name + " cannot be fetched: " + e.getMessage());
        }
      } catch (IOException e) {
        if (tried == TRIES) {
          throw e;
        }
        LOG.info("{} could not be fetched: {}; trying again", name, e.toString());
      }
      TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
    }
  }
}
