package io.trainyard.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * Makes the pictures of the page in {@code docs/images}: a program, not a test. A server trains
 * real jobs while a browser looks at it. Arguments: the directory to write to, then the server's
 * own.
 */
final class Screenshots {
  private final Api api;
  private final Browser browser;
  private final Path directory;

  private Screenshots(Api api, Browser browser, Path directory) {
    this.api = api;
    this.browser = browser;
    this.directory = directory;
  }

  public static void main(String... arguments) throws IOException {
    Path directory = Files.createDirectories(Path.of(arguments[0]));
    String[] serverArguments = Arrays.copyOf(arguments, arguments.length);
    serverArguments[0] = "--trainyard.runner.slots=2";
    Path home = Files.createTempDirectory("screenshots");
    try (ServerProcess server = ServerProcess.start(home, serverArguments);
        Browser browser = Browser.open(server.url())) {
      browser.prefer("light");
      browser.resize(1200, 780);
      new Screenshots(new Api(server.url()), browser, directory).takeAll();
    }
  }

  private void takeAll() throws IOException {
    api.upload(Api.example("iris-dataset.json"), Api.exampleFile("iris.csv")).expect(201);
    api.upload(Api.example("digits-dataset.json"), Api.exampleFile("digits.csv.gz")).expect(201);
    api.post("/v1/models", Api.example("iris-model.json")).expect(201);
    List<String> done = new ArrayList<>();
    done.add(api.submit(Api.example("iris-job.json")));
    done.add(api.submit(digits("digits-sgd", 60, "SGD", "0.05", "botany")));
    done.add(api.submit(digits("digits-adam", 60, "Adam", "0.002", "vision")));
    done.add(api.submit(digits("digits-adam-fast", 60, "Adam", "0.02", "vision")));
    done.add(api.submit(digits("digits-too-fast", 200, "SGD", "1e20", "vision")));
    done.add(api.submit(Api.example("sequential-job.json")));
    done.forEach(api::ended);
    String cancelled = api.submit(digits("digits-trial", 5000, "RMSprop", "0.0002", "vision"));
    api.awaitJob(cancelled, job -> job.get("epoch").intValue() > 60);
    api.post("/v1/jobs/" + cancelled + "/cancel");
    api.ended(cancelled);
    String slow = api.submit(wide("digits-wide", 400));
    String live = api.submit(wide("digits-wide-decay", 150));
    String waiting = api.submit(digits("digits-nadam", 300, "NAdam", "0.002", "vision"));
    api.awaitJob(live, job -> job.get("epoch").intValue() >= 30);

    browser.go("/jobs");
    browser.find("[data-job=" + waiting + "]");
    browser.find("[data-job=" + live + "] .spark:not(.blank)");
    shot("jobs");
    browser.prefer("dark");
    shot("jobs-dark");
    browser.prefer("light");
    browser.go("/jobs/" + live);
    browser.find(".plot canvas");
    browser.click("button", "Log scale");
    shot("job");
    browser.prefer("dark");
    shot("job-dark");
    browser.prefer("light");
    browser.go("/compare?jobs=" + done.get(1) + "," + done.get(2) + "," + done.get(3));
    browser.find(".plot canvas");
    shot("compare");
    browser.go("/new?dataset=digits");
    browser.find(".verdict", "Ready to train");
    shot("new-job");
    browser.go("/new?as=json&dataset=digits");
    browser.find(".verdict", "Ready to train");
    browser.script(
        "const t = document.querySelector('.editor textarea');"
            + " t.value = t.value.replace('\"out_features\": 10', '\"out_features\": 9')"
            + ".replace(/\"lr\": [0-9.]+/, '\"lr\": \"fast\"');"
            + " t.dispatchEvent(new Event('input'));");
    browser.find(".errors li");
    shot("new-job-json");
    browser.go("/jobs/" + done.get(0) + "?tab=predict");
    browser.click("[role=tabpanel] button", "Predict");
    browser.find("pre[aria-label=Answer]", "setosa");
    browser.click("form[aria-label=Deploy] button", "Deploy");
    browser.find("form[aria-label=Deploy] [role=status]", "/v2/models/");
    shot("predict");
    browser.go("/deployments");
    browser.find("td", "ready");
    shot("deployments");
    browser.go("/datasets/iris");
    browser.find(".bars");
    shot("dataset");
    browser.resize(390, 844);
    browser.go("/jobs");
    browser.find("[data-job=" + live + "] .spark:not(.blank)");
    shot("phone-jobs");
    browser.go("/jobs/" + live);
    browser.find(".plot canvas");
    shot("phone-job");
    for (String id : List.of(slow, live, waiting)) {
      api.post("/v1/jobs/" + id + "/cancel");
    }
  }

  private static String digits(String name, int epochs, String optimizer, String lr, String team) {
    return Api.example("digits-job.json")
        .replace("\"digits-mlp\"", "\"" + name + "\"")
        .replace("\"epochs\": 40", "\"tags\": {\"team\": \"" + team + "\"}, \"epochs\": " + epochs)
        .replace("\"Adam\", \"lr\": 0.003", "\"" + optimizer + "\", \"lr\": " + lr);
  }

  private static String wide(String name, int epochs) {
    return digits(name, epochs, "AdamW", "0.0012", "vision")
        .replace(": 64}", ": 768}")
        .replace(
            "\"in_features\": 64, \"out_features\": 10",
            "\"in_features\": 768, \"out_features\": 10")
        .replace(
            "{\"type\": \"ReLU\"}",
            "{\"type\": \"ReLU\"}, {\"type\": \"Linear\", \"in_features\": 768, \"out_features\": 768}, {\"type\": \"Dropout\", \"p\": 0.3}, {\"type\": \"ReLU\"}")
        .replace(
            "\"shuffle\"",
            "\"scheduler\": {\"type\": \"CosineAnnealingLR\", \"T_max\": 150}, \"shuffle\"");
  }

  /** When what is shown has come to rest: live parts move on, but letters and curves are there. */
  private void shot(String name) throws IOException {
    Awaitility.await()
        .until(
            () -> Boolean.TRUE.equals(browser.script("return document.fonts.status === 'loaded'")));
    browser.script("return new Promise(done => setTimeout(done, 700))");
    Files.write(directory.resolve(name + ".png"), browser.screenshot());
  }
}
