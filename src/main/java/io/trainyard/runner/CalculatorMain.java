package io.trainyard.runner;

import io.trainyard.expressions.DType;
import io.trainyard.runner.protocol.CalculatorOrder;
import io.trainyard.runner.protocol.CalculatorReply;
import io.trainyard.training.Calculations;
import io.trainyard.training.TensorData;
import io.trainyard.training.djl.DjlCalculations;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calculates on request of the server that started it. */
public final class CalculatorMain {
  private static final Logger LOG = LoggerFactory.getLogger(CalculatorMain.class);

  private final Calculations engine;

  private CalculatorMain(Calculations engine) {
    this.engine = engine;
  }

  public static void main(String[] args) throws IOException {
    OrdersEnvironment environment = OrdersEnvironment.read(System.getenv());
    ServerWatch.start();
    CalculatorMain calculator = new CalculatorMain(new DjlCalculations(environment.threads()));
    Orders<CalculatorOrder, CalculatorReply> orders =
        new Orders<>(CalculatorOrder.class, calculator::answer);
    warmUp(orders);
    orders.serve(environment);
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

  private static void warmUp(Orders<CalculatorOrder, CalculatorReply> orders) throws IOException {
    TensorData x = TensorData.allocate(DType.FLOAT32, List.of(2L));
    CalculatorReply reply =
        orders.rehearse(
            new CalculatorOrder.Gradients(
                new Calculations.Question(
                    "(x * x).sum()", Map.of("x", new Calculations.Input(x, true)), null)));
    if (!(reply instanceof CalculatorReply.Gradients)) {
      throw new IllegalStateException("the engine does not work: " + reply);
    }
  }
}
