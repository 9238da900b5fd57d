import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Many readers of one job's events on one thread, which costs them as little as possible. */
final class Readers {
  private static final int MINUTES = 5;

  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);
  private final byte[] bytes = new byte[1 << 18];
  private final CountDownLatch open;
  private final Thread thread = new Thread(this::run, "readers");
  private volatile Exception failure;
  private int reading;

  Readers(int port, String job, int count) throws IOException {
    open = new CountDownLatch(count);
    reading = count;
    // HTTP/1.0, so that the body is not in chunks.
    String request =
        "GET /v1/jobs/" + job + "/events HTTP/1.0\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
    for (int i = 0; i < count; i++) {
      SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, new Reader());
    }
    thread.start();
  }

  /** What one of them has read. */
  private final class Reader {
    private String rest = "";
    private boolean opened;
    private boolean ended;
    private long last;

    void take(String text) {
      String all = rest.isEmpty() ? text : rest + text;
      int from = 0;
      for (int to = all.indexOf("\n\n"); to >= 0; to = all.indexOf("\n\n", from)) {
        if (all.startsWith("id:", from)) {
          event(all, from + 3, to);
        } else if (!opened) {
          head(all);
        }
        from = to + 2;
      }
      rest = all.substring(from);
    }

    private void head(String text) {
      if (!text.startsWith("HTTP/1.1 200")) {
        throw new Load.Failed("a reader was answered " + text.lines().findFirst().orElse(""));
      }
      opened = true;
      open.countDown();
    }

    private void event(String text, int from, int to) {
      long id = 0;
      int i = from;
      for (char c = text.charAt(i); c != '\n'; c = text.charAt(++i)) {
        id = id * 10 + c - '0';
      }
      if (id != ++last) {
        throw new Load.Failed("event " + id + " came after " + (last - 1));
      }
      ended = text.startsWith("event:job.state", i + 1)
          && text.substring(i, to).contains("\"state\":\"succeeded\"");
    }

    void close() {
      if (!ended) {
        throw new Load.Failed("a stream broke off after event " + last);
      }
    }
  }

  private void run() {
    try {
      while (reading > 0) {
        selector.select(this::read);
      }
      selector.close();
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
  }

  private void read(SelectionKey key) {
    try {
      buffer.clear();
      int n = ((SocketChannel) key.channel()).read(buffer);
      Reader reader = (Reader) key.attachment();
      if (n < 0) {
        key.channel().close();
        reading--;
        reader.close();
      } else {
        buffer.flip().get(bytes, 0, n);
        reader.take(new String(bytes, 0, n, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      throw new Load.Failed("a reader: " + e);
    }
  }

  void awaitOpen() throws InterruptedException {
    if (!open.await(MINUTES, TimeUnit.MINUTES)) {
      throw new Load.Failed(open.getCount() + " readers were not answered; " + failure);
    }
  }

  /** Until each has read the job's end. */
  void await() throws InterruptedException {
    thread.join(TimeUnit.MINUTES.toMillis(MINUTES));
    if (failure != null) {
      throw new Load.Failed(failure.getMessage());
    }
    if (thread.isAlive()) {
      throw new Load.Failed(reading + " readers have not come to the end");
    }
  }
}
