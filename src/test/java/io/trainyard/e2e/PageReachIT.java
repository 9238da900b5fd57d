package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page on a phone, in the dark, by keyboard, and without its server. */
@EnabledIf("io.trainyard.e2e.Browser#isThere")
class PageReachIT extends PageFixture {

  @Test
  void everyViewFitsAPhone() {
    String one = api.submit(Api.shortJob(fresh("phone-with-quite-a-long-name")));
    String two = api.submit(Api.shortJob(fresh("phone")));
    api.ended(one);
    api.ended(two);
    browser.resize(390, 844);
    for (String view :
        new String[] {
          "/jobs",
          "/jobs/" + one,
          "/compare?jobs=" + one + "," + two,
          "/new",
          "/new?as=json",
          "/datasets",
          "/datasets/new",
          "/models"
        }) {
      browser.go(view);
      browser.find("h1");
      assertThat(browser.number("return document.documentElement.scrollWidth"))
          .as(view)
          .isLessThanOrEqualTo(390);
    }
  }

  @Test
  void isDarkWhereTheSystemIsAndLightIfToldSo() {
    browser.prefer("dark");
    browser.go("/jobs");
    browser.find("h1");
    assertThat(background()).isLessThan(60);
    browser.find("#theme").click(); // from the system's to light
    assertThat(background()).isGreaterThan(200);
    browser.find("#theme").click();
    assertThat(background()).isLessThan(60);
    browser.find("#theme").click(); // to the system's again
  }

  /** How bright the ground is, 0…255. */
  private static long background() {
    return browser.number(
        "return Number(getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/)[0])");
  }

  @Test
  void tabsAndTheWayToTheContentAreForTheKeyboard() {
    String id = api.submit(Api.shortJob(fresh("keys")));
    api.ended(id);
    browser.go("/jobs/" + id);
    WebElement tab = browser.find("[role=tab][aria-selected=true]", "Document");
    tab.sendKeys(Keys.ARROW_RIGHT);
    assertThat(browser.focused().getText()).isEqualTo("Artifacts");
    browser.find("[role=tabpanel]", "model.safetensors");
    assertThat(browser.count("[role=tab][tabindex='0']")).isEqualTo(1);
    browser.script("document.querySelector('.skip').focus()");
    browser.focused().sendKeys(Keys.ENTER);
    assertThat(browser.focused().getDomAttribute("id")).isEqualTo("main");
    assertThat(
            browser.number(
                "return [...document.querySelectorAll('button, a, input, select')].filter(e => !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length)).length"))
        .isZero();
  }

  @Test
  void aServerThatGoesAndComesBackIsNoticed(@TempDir Path home) {
    expected =
        new String[] {
          "ERR_CONNECTION_REFUSED",
          "ERR_INCOMPLETE_CHUNKED_ENCODING",
          "ERR_EMPTY_RESPONSE",
          "ERR_CONNECTION_RESET"
        };
    String port = "--server.port=" + ServerProcess.portToKeep();
    ServerProcess first = ServerProcess.start(home, port);
    String id = new Api(first.url()).submit(Api.longJob("through"));
    try (Browser other = Browser.open(first.url())) {
      other.go("/jobs/" + id);
      other.find(".state[data-state=running]");
      first.kill();
      other.find("#offline", "Offline");
      try (ServerProcess second = ServerProcess.start(home, port)) {
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> other.count("#offline:empty") == 1);
        other.find(".state[data-state=running]");
        new Api(second.url()).post("/v1/jobs/" + id + "/cancel");
        other.find(".state[data-state=cancelled]");
      }
      assertThat(other.errors(expected)).isEmpty();
      other.assertNothingLeftTheHost();
    } finally {
      first.close();
    }
  }
}
