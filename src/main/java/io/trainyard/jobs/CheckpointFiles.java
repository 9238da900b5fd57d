package io.trainyard.jobs;

import io.trainyard.artifacts.Artifact;
import io.trainyard.artifacts.ArtifactStore;
import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.shared.Ids;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The files of checkpoints among those of their jobs. Every upload has a name of its own, so that
 * what is recorded is never written over: by a later upload of the same epoch, or by a run that was
 * given up and does not know it.
 */
@Component
public class CheckpointFiles {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointFiles.class);
  private static final Pattern NAME =
      Pattern.compile("checkpoint-(\\d+)-(\\d+)-[0-9a-z]+\\.(safetensors|json)");

  private final ArtifactStore artifacts;
  private final Ids ids;

  CheckpointFiles(ArtifactStore artifacts, Ids ids) {
    this.artifacts = artifacts;
    this.ids = ids;
  }

  /**
   * Published when files have become no checkpoint's. They go after the transaction, and with them
   * the uploads of attempts before {@code attempt} that never became one.
   *
   * @param kept the files of the job's checkpoints
   */
  record Dropped(
      String job, List<Checkpoint.Files> files, int attempt, List<Checkpoint.Files> kept) {}

  /** Whether an artifact's name is of a checkpoint's file. */
  public static boolean isName(String artifact) {
    return NAME.matcher(artifact).matches();
  }

  /** Stores a file; it is a checkpoint's when the run reports that checkpoint. */
  public void put(AttemptId id, int epoch, CheckpointPart part, InputStream content)
      throws IOException {
    artifacts.put(id.job(), newName(epoch, id.attempt(), part), content);
  }

  /** The files of a checkpoint that a run says it has stored; empty if they are not there. */
  Optional<Checkpoint.Files> find(AttemptId id, RunEvent.CheckpointDone done) {
    try {
      List<Artifact> uploads =
          artifacts.list(id.job()).stream()
              .filter(file -> file.name().startsWith(prefix(done.epoch(), id.attempt())))
              .toList();
      Optional<Artifact> manifest = find(uploads, CheckpointPart.MANIFEST, done.sha256());
      if (manifest.isEmpty()) {
        return Optional.empty();
      }
      String stateSha256 = stateSha256(id.job(), manifest.get().name());
      return find(uploads, CheckpointPart.STATE, stateSha256)
          .map(state -> new Checkpoint.Files(state.name(), manifest.get().name()));
    } catch (IOException | JacksonException e) {
      LOG.warn("the checkpoint of epoch {} of {} cannot be read", done.epoch(), id, e);
      return Optional.empty();
    }
  }

  private static Optional<Artifact> find(
      List<Artifact> uploads, CheckpointPart part, String sha256) {
    return uploads.stream()
        .filter(file -> file.name().endsWith(part.suffix()) && file.sha256().equals(sha256))
        .findFirst();
  }

  private String stateSha256(String job, String manifest) throws IOException {
    try (InputStream content =
        artifacts.open(job, manifest).orElse(InputStream.nullInputStream())) {
      JsonNode read = Json.MAPPER.readTree(content);
      return read.path("state").path("sha256").asString("");
    }
  }

  /**
   * Opens a file of a checkpoint.
   *
   * @throws Problem of kind NOT_FOUND if it has been deleted
   */
  InputStream open(String job, Checkpoint checkpoint, CheckpointPart part) throws IOException {
    return artifacts
        .open(job, checkpoint.files().name(part))
        .orElseThrow(
            () -> Problem.notFound("file of checkpoint " + checkpoint.epoch(), part.word()));
  }

  /**
   * Gives a job a checkpoint of another one.
   *
   * @return empty if its files have just been deleted
   */
  Optional<Checkpoint.Files> copy(String from, Checkpoint checkpoint, String to)
      throws IOException {
    Checkpoint.Files files =
        new Checkpoint.Files(
            newName(checkpoint.epoch(), 0, CheckpointPart.STATE),
            newName(checkpoint.epoch(), 0, CheckpointPart.MANIFEST));
    for (CheckpointPart part : CheckpointPart.values()) {
      if (artifacts.copy(from, checkpoint.files().name(part), to, files.name(part)).isEmpty()) {
        return Optional.empty();
      }
    }
    return Optional.of(files);
  }

  /** Only what no later run can have made: one may be at work by now. */
  @TransactionalEventListener(fallbackExecution = true)
  void dropped(Dropped dropped) {
    for (Checkpoint.Files files : dropped.files()) {
      delete(dropped.job(), files.state());
      delete(dropped.job(), files.manifest());
    }
    if (dropped.attempt() > 1) {
      deleteUnrecorded(dropped);
    }
  }

  private void deleteUnrecorded(Dropped dropped) {
    try {
      for (Artifact file : artifacts.list(dropped.job())) {
        Matcher name = NAME.matcher(file.name());
        if (name.matches()
            && Integer.parseInt(name.group(2)) < dropped.attempt()
            && dropped.kept().stream().noneMatch(kept -> has(kept, file.name()))) {
          delete(dropped.job(), file.name());
        }
      }
    } catch (IOException e) {
      LOG.warn("the files of {} cannot be listed: {}", dropped.job(), e.toString());
    }
  }

  private static boolean has(Checkpoint.Files files, String name) {
    return name.equals(files.state()) || name.equals(files.manifest());
  }

  private void delete(String job, String name) {
    try {
      artifacts.delete(job, name);
    } catch (IOException e) {
      LOG.warn("{} of {} cannot be deleted: {}", name, job, e.toString());
    }
  }

  private String newName(int epoch, int attempt, CheckpointPart part) {
    return prefix(epoch, attempt) + ids.next("").substring(1) + part.suffix();
  }

  private static String prefix(int epoch, int attempt) {
    return "checkpoint-" + epoch + "-" + attempt + "-";
  }
}
