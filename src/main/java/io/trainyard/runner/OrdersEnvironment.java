package io.trainyard.runner;

import java.time.Duration;
import java.util.Map;

/**
 * What a process that takes orders is told, as environment variables: arguments would show the
 * token to everyone who lists processes.
 *
 * @param port on loopback, where its server waits for it
 * @param token that it shows there
 * @param idle after so long without an order it ends
 */
public record OrdersEnvironment(int port, String token, Duration idle, int threads) {
  private static final String PORT = "TRAINYARD_ORDERS_PORT";
  private static final String TOKEN = "TRAINYARD_ORDERS_TOKEN";
  private static final String IDLE = "TRAINYARD_ORDERS_IDLE";
  private static final String THREADS = "TRAINYARD_ORDERS_THREADS";

  static OrdersEnvironment read(Map<String, String> environment) {
    return new OrdersEnvironment(
        Integer.parseInt(RunnerEnvironment.required(environment, PORT)),
        RunnerEnvironment.required(environment, TOKEN),
        Duration.parse(RunnerEnvironment.required(environment, IDLE)),
        Integer.parseInt(RunnerEnvironment.required(environment, THREADS)));
  }

  public Map<String, String> variables() {
    return Map.of(
        PORT, Integer.toString(port),
        TOKEN, token,
        IDLE, idle.toString(),
        THREADS, Integer.toString(threads));
  }
}
