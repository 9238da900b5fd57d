package io.trainyard.jobs;

import io.trainyard.shared.Problem;

/** The files that a checkpoint is made of. */
public enum CheckpointPart {
  STATE("state.safetensors", ".safetensors"),
  MANIFEST("manifest.json", ".json");

  private final String word;
  private final String suffix;

  CheckpointPart(String word, String suffix) {
    this.word = word;
    this.suffix = suffix;
  }

  /** The name in requests. */
  public String word() {
    return word;
  }

  String suffix() {
    return suffix;
  }

  /**
   * Reads a name.
   *
   * @throws Problem of kind NOT_FOUND if it is none
   */
  public static CheckpointPart of(String word) {
    for (CheckpointPart part : values()) {
      if (part.word.equals(word)) {
        return part;
      }
    }
    throw Problem.notFound("file of a checkpoint named", word);
  }
}
