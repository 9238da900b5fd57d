package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The docs page in a real browser. */
@ExtendWith(SharedServer.class)
class DocsPageIT {

  static boolean browserIsThere() {
    boolean there =
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(directory -> Path.of(directory, "chromium").toFile().canExecute());
    if (!there) {
      System.out.println("SKIPPED: the test of the docs page needs chromium, and there is none");
    }
    return there;
  }

  @Test
  @EnabledIf("browserIsThere")
  void showsEveryOperationOfTheContract(Api api, @TempDir Path profile) throws Exception {
    String page = render(api.url() + "/docs/index.html", profile);

    for (String operation : Contract.INSTANCE.operations()) {
      String path = operation.substring(operation.indexOf(' ') + 1);
      assertThat(page).contains("data-path=\"" + path + "\"");
    }
  }

  private static String render(String url, Path profile) throws IOException, InterruptedException {
    Process browser =
        new ProcessBuilder(
                List.of(
                    "chromium",
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--user-data-dir=" + profile,
                    "--virtual-time-budget=10000",
                    "--dump-dom",
                    url))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      String page = new String(browser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(browser.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return page;
    } finally {
      browser.destroyForcibly();
    }
  }
}
