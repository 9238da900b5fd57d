package io.trainyard.runs;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.springframework.http.MediaType;

/** Sends files in large pieces: by Spring's own small ones a large file takes twice as long. */
final class LargeBody {
  private static final int PIECE = 1 << 17;

  private LargeBody() {}

  static void send(InputStream file, HttpServletResponse response) throws IOException {
    response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
    response.setBufferSize(PIECE);
    OutputStream out = response.getOutputStream();
    byte[] piece = new byte[PIECE];
    for (int n = file.read(piece); n >= 0; n = file.read(piece)) {
      out.write(piece, 0, n);
    }
  }
}
