package io.trainyard.datasets;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Breaks off where a stream goes on for too long, as that of a small file made to unpack to a huge
 * one.
 */
final class BoundedStream extends FilterInputStream {
  private final long most;
  private long seen;

  /** The stream is longer than it may be. */
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException(long most) {
      super("unpacks to " + DatasetBounds.beyond("bytes", most, "unpacked"));
    }
  }

  BoundedStream(InputStream in, long most) {
    super(in);
    this.most = most;
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    count(value < 0 ? 0 : 1);
    return value;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = super.read(bytes, offset, length);
    count(n);
    return n;
  }

  private void count(int n) throws TooLongException {
    seen += Math.max(0, n);
    if (seen > most) {
      throw new TooLongException(most);
    }
  }
}
