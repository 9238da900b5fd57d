package io.trainyard.datasets;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Files that are plain or gzip, which their beginning tells. */
final class Unpacked {
  private static final int BUFFER = 1 << 16;
  private static final int GZIP_MAGIC = 0x1f8b;

  private Unpacked() {}

  /**
   * The plain bytes, as a stream with a mark.
   *
   * @param most bytes that it may unpack to
   */
  static InputStream of(InputStream in, long most) throws IOException {
    InputStream bytes = new BufferedInputStream(in, BUFFER);
    return startsWith(bytes, GZIP_MAGIC, 2)
        ? new BufferedInputStream(new BoundedStream(new Members(bytes), most), BUFFER)
        : bytes;
  }

  /** Whether the next bytes are these; they are not read away. */
  static boolean startsWith(InputStream in, int magic, int length) throws IOException {
    in.mark(length);
    int start = 0;
    for (byte b : in.readNBytes(length)) {
      start = start << 8 | (b & 0xff);
    }
    in.reset();
    return start == magic;
  }

  /** All members of a gzip file, also where the next one has not yet come. */
  private static final class Members extends GZIPInputStream {
    private static final int MOST_EMPTY = 100;
    private int depth;

    Members(InputStream in) throws IOException {
      super(new Available(in), BUFFER);
    }

    /** Is called by itself for each empty member, until the stack is full. */
    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (depth == MOST_EMPTY) {
        throw new ZipException("more than " + MOST_EMPTY + " empty members");
      }
      depth++;
      try {
        return super.read(bytes, offset, length);
      } finally {
        depth--;
      }
    }
  }

  /** GZIPInputStream looks for the next member only where something is said to be available. */
  private static final class Available extends FilterInputStream {
    Available(InputStream in) {
      super(in);
    }

    @Override
    public int available() throws IOException {
      return Math.max(1, super.available());
    }
  }
}
