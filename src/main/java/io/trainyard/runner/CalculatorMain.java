package io.trainyard.runner;

import io.trainyard.expressions.DType;
import io.trainyard.runner.protocol.CalculatorHello;
import io.trainyard.runner.protocol.CalculatorOrder;
import io.trainyard.runner.protocol.CalculatorReply;
import io.trainyard.runner.protocol.Frames;
import io.trainyard.training.Calculations;
import io.trainyard.training.TensorData;
import io.trainyard.training.djl.DjlCalculations;
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
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the orders of the server that started it, one after the other, until the server is gone
 * or has not asked for a while.
 */
public final class CalculatorMain {
  private static final Logger LOG = LoggerFactory.getLogger(CalculatorMain.class);

  private final Calculations engine;

  private CalculatorMain(Calculations engine) {
    this.engine = engine;
  }

  public static void main(String[] args) throws IOException {
    CalculatorEnvironment environment = CalculatorEnvironment.read(System.getenv());
    ServerWatch.start();
    CalculatorMain calculator = new CalculatorMain(new DjlCalculations(environment.threads()));
    calculator.warmUp();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), environment.port())) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(Math.toIntExact(environment.idle().toMillis()));
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      Frames.write(out, new CalculatorHello(environment.token()));
      calculator.serve(in, out);
    }
    // Native threads of the engine must not delay the end.
    Runtime.getRuntime().halt(RunnerExit.DONE.code());
  }

  private void serve(DataInputStream in, DataOutputStream out) throws IOException {
    while (true) {
      CalculatorOrder order;
      try {
        order = Frames.read(in, CalculatorOrder.class);
      } catch (SocketTimeoutException e) {
        LOG.info("not needed for a while; ending");
        return;
      } catch (EOFException e) {
        return;
      }
      Frames.write(out, answer(order));
    }
  }

  private CalculatorReply answer(CalculatorOrder order) {
    try {
      if (order instanceof CalculatorOrder.Gradients gradients) {
        return new CalculatorReply.Gradients(engine.gradients(gradients.question()));
      }
      if (order instanceof CalculatorOrder.GradientCheck check) {
        return new CalculatorReply.GradientCheck(engine.gradcheck(check.function()));
      }
      throw new IllegalArgumentException("not known here: " + order);
    } catch (Calculations.Refused e) {
      return new CalculatorReply.Refused(e.reason());
    } catch (OutOfMemoryError e) {
      LOG.error("out of memory", e);
      return new CalculatorReply.Refused("this takes more memory than there is");
    } catch (RuntimeException e) {
      LOG.error("the calculation failed", e);
      return new CalculatorReply.Failed(e.toString());
    }
  }

  /** Does once what an order will need, so that the classes and the native library are loaded. */
  private void warmUp() throws IOException {
    TensorData x = TensorData.allocate(DType.FLOAT32, List.of(2L));
    CalculatorOrder order =
        new CalculatorOrder.Gradients(
            new Calculations.Question(
                "(x * x).sum()", Map.of("x", new Calculations.Input(x, true)), null));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Frames.write(new DataOutputStream(out), order);
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(out.toByteArray()));
    CalculatorReply reply = answer(Frames.read(in, CalculatorOrder.class));
    if (!(reply instanceof CalculatorReply.Gradients)) {
      throw new IllegalStateException("the engine does not work: " + reply);
    }
    Frames.write(new DataOutputStream(ByteArrayOutputStream.nullOutputStream()), reply);
  }
}
