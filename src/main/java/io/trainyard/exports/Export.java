package io.trainyard.exports;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A file to be sent: all that can be wrong with it is known before its first byte. */
public record Export(String contentType, Content content) {

  /** Writes the file. */
  @FunctionalInterface
  public interface Content {
    void write(OutputStream out) throws IOException;
  }

  static Export text(String type, String text) {
    return new Export(type, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  static Export binary(Content content) {
    return new Export("application/octet-stream", content);
  }

  /** A file as it is; writing closes it. */
  static Export stored(InputStream content) {
    return binary(
        out -> {
          try (content) {
            content.transferTo(out);
          }
        });
  }
}
