package io.trainyard.runner.protocol;

import io.trainyard.shared.Json;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * Messages between a server and a process that takes its orders: a length in four bytes, then so
 * much JSON.
 */
public final class Frames {
  private static final int MAX = 1 << 28;

  private Frames() {}

  public static void write(DataOutputStream out, Object message) throws IOException {
    put(out, message);
    out.flush();
  }

  /** As {@link #write}, but the stream may keep it until it is flushed. */
  public static void put(DataOutputStream out, Object message) throws IOException {
    byte[] bytes = Json.MAPPER.writeValueAsBytes(message);
    out.writeInt(bytes.length);
    out.write(bytes);
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
