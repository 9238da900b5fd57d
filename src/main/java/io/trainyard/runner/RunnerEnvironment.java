package io.trainyard.runner;

import io.trainyard.shared.Json;
import java.net.URI;
import java.util.Map;

/**
 * What a runner is told. One that is started for an attempt gets it as environment variables:
 * arguments would show the token to everyone who lists processes. One that is started ahead reads
 * it as a line from its standard input when there is an attempt for it.
 */
public record RunnerEnvironment(URI server, String attempt, String token) {
  public static final String THREADS = "TRAINYARD_RUN_THREADS";

  /** Set for a runner that is started ahead, to the server's address. */
  public static final String SPARE = "TRAINYARD_RUN_SPARE_OF";

  /**
   * Set for a runner that does not end with the server: for how many seconds it goes on without
   * one. It has no pipe from the server as its standard input.
   */
  public static final String PATIENCE = "TRAINYARD_RUN_PATIENCE";

  public static final String TOKEN = "TRAINYARD_RUN_TOKEN";

  private static final String SERVER = "TRAINYARD_RUN_SERVER";
  private static final String ATTEMPT = "TRAINYARD_RUN_ATTEMPT";

  public static RunnerEnvironment of(URI server, String attempt, String token) {
    return new RunnerEnvironment(server, attempt, token);
  }

  static RunnerEnvironment read(Map<String, String> environment) {
    return new RunnerEnvironment(
        URI.create(required(environment, SERVER)),
        required(environment, ATTEMPT),
        required(environment, TOKEN));
  }

  /** The line that a runner started ahead reads. */
  public String line() {
    return Json.write(this) + "\n";
  }

  static RunnerEnvironment parse(String line) {
    return Json.parse(line, RunnerEnvironment.class);
  }

  public Map<String, String> variables() {
    return Map.of(SERVER, server.toString(), ATTEMPT, attempt, TOKEN, token);
  }

  static String required(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(name + " is not set; a server starts runners");
    }
    return value;
  }
}
