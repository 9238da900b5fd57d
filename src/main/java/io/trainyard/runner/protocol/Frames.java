package io.trainyard.runner.protocol;

import io.trainyard.shared.Json;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** Messages between a server and its calculator: a length in four bytes, then so much JSON. */
public final class Frames {
  private static final int MAX = 1 << 28;

  private Frames() {}

  public static void write(DataOutputStream out, Object message) throws IOException {
    byte[] bytes = Json.MAPPER.writeValueAsBytes(message);
    out.writeInt(bytes.length);
    out.write(bytes);
    out.flush();
  }

  /** Waits for a message. */
  public static <T> T read(DataInputStream in, Class<T> type) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MAX) {
      throw new IOException("a message of " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return Json.MAPPER.readValue(bytes, type);
  }
}
