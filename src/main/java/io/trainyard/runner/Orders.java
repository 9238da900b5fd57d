package io.trainyard.runner;

import io.trainyard.runner.protocol.Frames;
import io.trainyard.runner.protocol.Hello;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the orders of the server that started this process, one after the other, until the server
 * is gone or has not asked for a while.
 *
 * @param <O> an order
 * @param <R> what comes of one
 */
final class Orders<O, R> {
  private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

  private final Class<O> type;
  private final Function<O, R> work;

  Orders(Class<O> type, Function<O, R> work) {
    this.type = type;
    this.work = work;
  }

  /** Connects to the server, answers what it asks, and ends the process. */
  void serve(OrdersEnvironment environment) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), environment.port())) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(Math.toIntExact(environment.idle().toMillis()));
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      Frames.write(out, new Hello(environment.token()));
      answerAll(in, out);
    }
    // Native threads of the engine must not delay the end.
    Runtime.getRuntime().halt(RunnerExit.DONE.code());
  }

  private void answerAll(DataInputStream in, DataOutputStream out) throws IOException {
    while (true) {
      O order;
      try {
        order = Frames.read(in, type);
      } catch (SocketTimeoutException e) {
        LOG.info("not needed for a while; ending");
        return;
      } catch (EOFException e) {
        return;
      }
      Frames.put(out, work.apply(order));
      if (in.available() == 0) {
        out.flush(); // replies to orders that wait already go out together
      }
    }
  }

  /**
   * Does an order as if it had come from a server, so that the classes and the native library are
   * loaded when one does.
   */
  R rehearse(O order) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Frames.write(new DataOutputStream(out), order);
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(out.toByteArray()));
    R reply = work.apply(Frames.read(in, type));
    Frames.write(new DataOutputStream(ByteArrayOutputStream.nullOutputStream()), reply);
    return reply;
  }
}
