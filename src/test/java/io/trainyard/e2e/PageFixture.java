package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A browser on a server of its own. After each test there must be no error on the console, and no
 * request that left the host.
 */
abstract class PageFixture {
  /** Chromium's own words for an answer that the page asks for to show it. */
  static final String REFUSED = "status of 422";

  private static ServerProcess server;
  static Api api;
  static Browser browser;

  String[] expected = {};

  @BeforeAll
  static void start(@TempDir Path home) {
    server = ServerProcess.start(home, "--trainyard.runner.slots=2");
    api = new Api(server.url());
    browser = Browser.open(server.url());
  }

  @AfterAll
  static void stop() {
    browser.close();
    server.close();
  }

  @BeforeEach
  void begin() {
    browser.go("/jobs");
    browser.find("h1");
  }

  @AfterEach
  void nothingWentWrong() {
    browser.resize(1280, 900);
    browser.prefer("light");
    assertThat(browser.errors(expected)).isEmpty();
    browser.assertNothingLeftTheHost();
  }

  static String fresh(String name) {
    return name + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  static void stateIs(String state) {
    browser.find("h1 + .row-state .state[data-state=" + state + "]");
  }
}
