package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Digests;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The page on a server that asks for keys. */
@EnabledIf("io.trainyard.e2e.Browser#isThere")
class PageKeyIT {
  private static final String KEY = "the-page-0123456789abcdef0123456789abcdef";

  @Test
  void thePageAsksForAKeyAndUsesItForEverything(@TempDir Path home) {
    try (ServerProcess server =
            ServerProcess.start(home, "--trainyard.access.keys.me.sha256=" + Digests.sha256(KEY));
        Browser browser = Browser.open(server.url())) {
      Api api = new Api(server.url()).with(KEY);
      String job = api.submit(Api.shortJob("seen"));
      api.ended(job);

      browser.go("/jobs");
      browser.type("dialog.key input", "wrong");
      browser.click("dialog.key button", "Continue");
      browser.find("dialog.key p", "does not know");
      browser.type("dialog.key input", KEY);
      browser.click("dialog.key button", "Continue");
      browser.find(".row-link", "seen");
      assertThat(browser.count("dialog")).isZero();

      browser.go("/jobs/" + job);
      browser.find(".facts", "3 / 3");
      browser.click("[role=tab]", "Artifacts");
      browser.find("[role=tabpanel]", "model.safetensors");
      browser.script(
          """
          window.saved = [];
          URL.createObjectURL = (blob) => { window.saved.push(blob.size); return "blob:none"; };
          HTMLAnchorElement.prototype.click = function () { window.saved.push(this.download); };
          """);
      browser.click("[aria-label='Download model.safetensors']", "Download");
      browser.find("body", body -> browser.number("return window.saved.length") == 2);
      assertThat(browser.script("return window.saved[1]")).isEqualTo("model.safetensors");
      assertThat(browser.number("return window.saved[0]")).isPositive();

      assertThat(browser.script("return Object.keys(localStorage).join()"))
          .asString()
          .doesNotContain("key");
      // Chromium tells of each 401.
      assertThat(browser.errors("status of 401")).isEmpty();
      browser.assertNothingLeftTheHost();
    }
  }
}
