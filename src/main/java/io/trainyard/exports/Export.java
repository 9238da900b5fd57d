package io.trainyard.exports;

import java.io.IOException;
import java.io.OutputStream;

/** A file to be sent: all that can be wrong with it is known before its first byte. */
public record Export(String contentType, Content content) {

  /** Writes the file. */
  @FunctionalInterface
  public interface Content {
    void write(OutputStream out) throws IOException;
  }
}
