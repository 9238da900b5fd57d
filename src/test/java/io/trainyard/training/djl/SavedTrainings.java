package io.trainyard.training.djl;

import io.trainyard.shared.Json;
import io.trainyard.training.Checkpoint;
import io.trainyard.training.SafetensorsFile;
import io.trainyard.training.SavedTraining;
import io.trainyard.training.TrainingProgress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checkpoints on disk, as a process leaves them to the next. */
final class SavedTrainings {
  private final Path directory;
  private int written;

  SavedTrainings(Path directory) {
    this.directory = directory;
  }

  /** A checkpoint's two files. */
  record Stored(Path arrays, Path progress) {
    SavedTraining read(SavedTraining.States optimizer) throws IOException {
      return new SavedTraining(
          Json.parse(Files.readString(progress), TrainingProgress.class),
          SafetensorsFile.open(arrays),
          optimizer);
    }
  }

  /** Writes a checkpoint and gives its memory back. */
  Stored write(Checkpoint checkpoint) {
    int number = ++written;
    Stored files =
        new Stored(directory.resolve(number + ".safetensors"), directory.resolve(number + ".json"));
    try (checkpoint;
        OutputStream out = Files.newOutputStream(files.arrays)) {
      checkpoint.write(out);
      Files.writeString(files.progress, Json.write(checkpoint.progress()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return files;
  }
}
