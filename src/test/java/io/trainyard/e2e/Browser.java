package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Json;
import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import tools.jackson.databind.JsonNode;

/** A Chromium that a test drives, with what it said on its console and asked of the network. */
final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ChromeDriver driver;
  private final String url;

  private Browser(ChromeDriver driver, String url) {
    this.driver = driver;
    this.url = url;
  }

  static boolean isThere() {
    boolean there = program("chromium").isPresent() && program("chromedriver").isPresent();
    if (!there) {
      System.out.println(
          "SKIPPED: the tests of the page need chromium and chromium-driver, which are not there");
    }
    return there;
  }

  private static Optional<File> program(String name) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(directory -> Path.of(directory, name).toFile())
        .filter(File::canExecute)
        .findFirst();
  }

  /** Opens a window of a desktop's size for the server at {@code url}. */
  static Browser open(String url) {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(program("chromium").orElseThrow());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--hide-scrollbars",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1280,900");
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(program("chromedriver").orElseThrow())
            .usingAnyFreePort()
            .build();
    return new Browser(new ChromeDriver(service, options), url);
  }

  /** Goes to a view, such as {@code /jobs}. */
  void go(String view) {
    driver.get(url + "/#" + view);
  }

  String view() {
    return driver.getCurrentUrl().substring(url.length());
  }

  /** Screen of a phone, or of a desktop again. */
  void resize(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
  }

  /** What the system wishes: light or dark. */
  void prefer(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  @Nullable Object script(String code, Object... arguments) {
    return ((JavascriptExecutor) driver).executeScript(code, arguments);
  }

  /** The number that a script returns. */
  long number(String code) {
    return ((Number) Objects.requireNonNull(script(code))).longValue();
  }

  /** The first element of a selector that is seen and is as it should be. */
  WebElement find(String selector, Predicate<WebElement> condition) {
    WebElement[] found = new WebElement[1];
    Awaitility.await(selector + " on " + view())
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              for (WebElement element : driver.findElements(By.cssSelector(selector))) {
                try {
                  if (element.isDisplayed() && condition.test(element)) {
                    found[0] = element;
                    return true;
                  }
                } catch (StaleElementReferenceException e) {
                  return false; // the page has just made another one of it
                }
              }
              return false;
            });
    return found[0];
  }

  WebElement find(String selector) {
    return find(selector, element -> true);
  }

  /** The one with this text. */
  WebElement find(String selector, String text) {
    return find(selector, element -> element.getText().contains(text));
  }

  int count(String selector) {
    return driver.findElements(By.cssSelector(selector)).size();
  }

  void click(String selector, String text) {
    find(selector, text).click();
  }

  /** Puts a text in the place of what a field has. */
  void type(String selector, String text) {
    WebElement field = find(selector);
    field.clear();
    field.sendKeys(text);
  }

  /** Chooses in a select by what is shown. */
  void choose(String selector, String option) {
    find(selector).findElements(By.tagName("option")).stream()
        .filter(o -> o.getText().equals(option))
        .findFirst()
        .orElseThrow()
        .click();
  }

  WebElement focused() {
    return driver.switchTo().activeElement();
  }

  byte[] screenshot() {
    return driver.getScreenshotAs(OutputType.BYTES);
  }

  /** The errors on the console since it was last asked, but for those with one of these texts. */
  List<String> errors(String... expected) {
    List<String> errors = new ArrayList<>();
    for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
      boolean known = Stream.of(expected).anyMatch(entry.getMessage()::contains);
      if (entry.getLevel().intValue() >= Level.WARNING.intValue() && !known) {
        errors.add(entry.getMessage());
      }
    }
    return errors;
  }

  /** That every request since it was last asked went to the server, and that there were some. */
  void assertNothingLeftTheHost() {
    URI home = URI.create(url);
    List<String> requests = new ArrayList<>();
    for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
      JsonNode message = Json.MAPPER.readTree(entry.getMessage()).path("message");
      if (message.path("method").asString().equals("Network.requestWillBeSent")) {
        requests.add(message.at("/params/request/url").asString());
      }
    }
    assertThat(requests)
        .isNotEmpty()
        .allSatisfy(
            request -> {
              URI target = URI.create(request.replaceAll("[|{}]", "_"));
              assertThat(target.getAuthority()).as(request).isEqualTo(home.getAuthority());
            });
  }

  @Override
  public void close() {
    driver.quit();
  }
}
