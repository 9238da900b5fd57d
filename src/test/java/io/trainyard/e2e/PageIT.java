package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.datasets.ArrayFixture;
import io.trainyard.shared.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The page in a real browser, on a real server that really trains. */
@EnabledIf("io.trainyard.e2e.Browser#isThere")
class PageIT extends PageFixture {

  @Test
  void aJobIsSubmittedByTheFormAndWatchedToItsEnd() {
    expected = new String[] {REFUSED};
    String name = fresh("by-form");
    browser.go("/new");
    browser.find(".verdict", "Ready to train");
    browser.type("[data-pointer='/name'] input", name);
    browser.choose("[data-pointer='/dataset'] select", "random rows");
    browser.find("[data-pointer='/model/layers/0'] .layer-output", "[16] · 336 parameters");
    browser.type("[data-pointer='/epochs'] input", "40");

    browser.type("[data-pointer='/model/layers/0/out_features'] input", "9");
    browser.find("[data-pointer='/model/layers/2/in_features'] .wrong", "gives 9");
    browser.type("[data-pointer='/model/layers/2/in_features'] input", "9");
    browser.find("[data-pointer='/model/layers/0'] .layer-output", "[9] · 189 parameters");
    browser.find(".verdict", "Ready to train");
    browser.click("button", "Train");

    stateIs("succeeded");
    browser.find(".facts", "40 / 40");
    assertThat(browser.find(".plot canvas").getSize().height).isGreaterThan(100);
    assertThat(browser.find(".plot").getDomAttribute("aria-label")).contains("40 epochs");
    browser.click("[role=tab]", "Artifacts");
    browser.find("[role=tabpanel]", "model.safetensors");
    String id = browser.view().replace("/#/jobs/", "");
    assertThat(api.job(id).get("name").stringValue()).isEqualTo(name);
    assertThat(api.job(id).at("/spec/model/layers/2/in_features").intValue()).isEqualTo(9);
  }

  @Test
  void theEditorShowsAnErrorAtItsPlace() {
    expected = new String[] {REFUSED};
    browser.go("/new?as=json");
    browser.find(".verdict", "Ready to train");
    browser.type(".editor textarea", "{\"name\": \"x\",,}");
    browser.find(".errors li", "Line 1");

    String bad = Api.shortJob(fresh("json")).replace("\"in_features\": 2", "\"in_features\": 5");
    enter(bad);
    browser.find(".errors li", "/model/layers/0/in_features");
    browser.find(".editor-lines .bad", "1");
    assertThat(browser.find(".editor-wrong").getDomProperty("textContent")).isEqualTo("5");
    browser.click(".errors button", "in_features");
    assertThat(
            browser.script(
                "const t = document.activeElement; return t.value.slice(t.selectionStart,"
                    + " t.selectionEnd)"))
        .isEqualTo("5");
    browser.click("button", "Train");
    browser.find("aside .notice", "in_features");

    enter(bad.replace("\"in_features\": 5", "\"in_features\": 2"));
    browser.find(".verdict", "Ready to train");
    browser.click("button", "Train");
    stateIs("succeeded");
  }

  /** As a paste does. */
  private static void enter(String text) {
    browser.script(
        "const t = document.querySelector('.editor textarea'); t.value = arguments[0];"
            + " t.dispatchEvent(new Event('input'));",
        text);
  }

  @Test
  void aRunningJobIsSeenLiveAndCancelled() {
    String id = api.submit(Api.longJob(fresh("live")));
    browser.go("/jobs?state=running");
    WebElement row = browser.find("[data-job=" + id + "]");
    browser.find("[data-job=" + id + "] .state", "running");
    String before = row.findElement(By.className("row-progress")).getText();
    browser.find("[data-job=" + id + "] .row-progress", e -> !e.getText().equals(before));
    browser.find("[data-job=" + id + "] .spark:not(.blank)");

    browser.click("[data-job=" + id + "] a.row-link", "");
    stateIs("running");
    String loss = browser.find(".legend dd").getText();
    browser.find(".legend dd", e -> !e.getText().equals(loss) && !e.getText().equals("–"));
    browser.click("button", "Log scale");
    browser.click("button[aria-label='Zoom in']", "");
    browser.click("button[aria-label='Show all epochs']", "");
    browser.click("[role=tab]", "Attempts");
    browser.find("[role=tabpanel]", "running");

    browser.click("button", "Cancel");
    browser.click("dialog button", "Cancel the job");
    stateIs("cancelled");
    assertThat(api.job(id).get("state").stringValue()).isEqualTo("cancelled");
  }

  @Test
  void aJobRestsGoesOnAndIsForked() {
    String name = fresh("rest");
    String id = api.submit(Api.longJob(name));
    browser.go("/jobs/" + id);
    stateIs("running");
    browser.click("button", "Pause");
    stateIs("paused");
    int epoch = api.job(id).get("epoch").intValue();
    browser.click("button", "Resume");
    stateIs("running");
    api.awaitJob(id, job -> job.get("epoch").intValue() > epoch);

    browser.click("a", "Fork");
    browser.find("h1", "Fork " + name);
    browser.find(".verdict", "Ready to train");
    browser.type("[data-pointer='/name'] input", name + "-fork");
    browser.type("[data-pointer='/optimizer/lr'] input", "0.0005");
    browser.click("button", "Fork");
    browser.find("h1", name + "-fork");
    browser.find(".head-under", "fork of " + id);
    stateIs("running");
    JsonNode fork = api.job(browser.view().replace("/#/jobs/", ""));
    assertThat(fork.at("/lineage/job").stringValue()).isEqualTo(id);
    assertThat(fork.at("/spec/optimizer/lr").doubleValue()).isEqualTo(0.0005);
    assertThat(fork.at("/spec/epochs")).isEqualTo(api.job(id).at("/spec/epochs"));
    for (String job : List.of(id, fork.get("id").stringValue())) {
      api.post("/v1/jobs/" + job + "/cancel").expect(202);
    }
    stateIs("cancelled");
  }

  @Test
  void jobsAreComparedWithTheirDocuments() {
    String word = fresh("pair");
    String slow = api.submit(Api.shortJob(word + "-slow"));
    String fast = api.submit(Api.shortJob(word + "-fast").replace("\"lr\": 0.01", "\"lr\": 0.1"));
    api.ended(slow);
    api.ended(fast);
    browser.go("/jobs?q=" + word);
    browser.find("[data-job=" + slow + "] input").click();
    browser.find("[data-job=" + fast + "] input").click();
    browser.click("a", "Compare");

    browser.find("h1", "Compare 2 jobs");
    browser.find(".plot canvas");
    browser.find(".difference .other", "optimizer.lr");
    assertThat(browser.find(".difference .other", "optimizer.lr").getText())
        .contains("0.01", "0.1");
    assertThat(browser.find(".difference").getText()).doesNotContain("loss.type");
    browser.choose("label.beside select", "learning rate");
    browser.find("td.number", "0.1");
  }

  @Test
  void aDatasetIsUploadedAndShownAsTextWhateverItHolds(@TempDir Path directory) throws Exception {
    String evil = "<img src=x onerror=\"document.title='gone'\">";
    Path file = directory.resolve("odd.csv");
    Files.write(
        file,
        ("\"" + evil.replace("\"", "\"\"") + "\",size,kind\n1,2,<b>a</b>\n2,3,b\n5,9,b\n")
            .getBytes(StandardCharsets.UTF_8));
    String name = fresh("odd");
    browser.go("/datasets/new");
    browser.find("input[type=file]").sendKeys(file.toString());
    browser.find("[data-pointer='/target'] select", "kind");
    browser.type("[data-pointer='/name'] input", name);
    browser.click("button", "Upload");

    browser.find("h1", name);
    browser.find("td", evil);
    browser.find("td", "<b>a</b>");
    browser.find(".histogram .bars");
    assertThat(browser.count("main img, main b")).isZero();
    browser.click("a", "Train on it");
    browser.find(".verdict", "Ready to train");
    browser.go("/datasets");
    browser.find("tr", name);
  }

  @Test
  void aFileOfArraysIsUploadedAndShown(@TempDir Path directory) throws Exception {
    byte[] x = ArrayFixture.floats("(4, 2)", 1, 2, 3, 4, 5, 6, 7, 8);
    byte[] y = ArrayFixture.longs("(4,)", 0, 1, 1, 0);
    Path file = directory.resolve("four.npz");
    Files.write(file, ArrayFixture.npz(Map.of("x", x, "y", y)));
    String name = fresh("four");
    browser.go("/datasets/new");
    browser.find("input[type=file]").sendKeys(file.toString());
    browser.find("[data-pointer='/name'] input", e -> "four".equals(e.getDomProperty("value")));
    assertThat(browser.find("[data-pointer='/normalize'] select").isDisplayed()).isTrue();
    assertThat(browser.count(".stack[hidden] [data-pointer='/target']")).isEqualTo(1);
    browser.type("[data-pointer='/name'] input", name);
    browser.click("button", "Upload");

    browser.find("h1", name);
    browser.find("td", "float32");
    browser.find("td", "int64");
    browser.click("a", "Train on it");
    browser.find(".verdict", "Ready to train");

    Path images = directory.resolve("images");
    Files.write(images, ArrayFixture.idx(0x08, new byte[] {1, 2, 3, 4}, 2, 1, 2));
    Path labels = directory.resolve("labels");
    Files.write(labels, ArrayFixture.idx(0x08, new byte[] {7, 9}, 2));
    browser.go("/datasets/new");
    browser.find("[data-pointer='/file'] input").sendKeys(images.toString());
    browser.find("[data-pointer='/labels'] input:enabled").sendKeys(labels.toString());
    String two = fresh("two");
    browser.type("[data-pointer='/name'] input", two);
    browser.click("button", "Upload");
    browser.find("h1", two);
    browser.find("td", "[2, 1, 2]");
  }

  @Test
  void aTrainedModelIsAskedAndDeployed() {
    expected = new String[] {REFUSED};
    String data = fresh("iris");
    api.upload(
            Api.example("iris-dataset.json").replace("\"iris\"", "\"" + data + "\""),
            Api.exampleFile("iris.csv"))
        .expect(201);
    String name = fresh("asked");
    ObjectNode job = Json.MAPPER.readTree(Api.example("iris-job.json")).asObject();
    job.set("model", Json.MAPPER.readTree(Api.example("iris-model.json")));
    job.get("model").asObject().remove("name");
    String id = api.submit(job.put("name", name).put("dataset", data));
    assertThat(api.ended(id).get("state").stringValue()).isEqualTo("succeeded");
    String petals = "[data-pointer='/instances/0/petal_length'] input";
    browser.go("/jobs/" + id + "?tab=predict");

    browser.type(petals, "1.4");
    browser.click("[role=tabpanel] button", "Predict");
    browser.find("pre[aria-label=Answer]", "setosa");
    browser.type(petals, "");
    browser.click("[role=tabpanel] button", "Predict");
    browser.find("[data-pointer='/instances/0/petal_length'] .wrong");
    browser.click("button", "Rows as JSON");
    browser.type(
        "[data-pointer='/instances'] textarea", "[[6.5, 3, 5.5, 1.8], [5, 3.4, 1.5, 0.2]]");
    browser.click("[role=tabpanel] button", "Predict");
    assertThat(browser.find("pre[aria-label=Answer]", "virginica").getText()).contains("setosa");

    browser.type("form[aria-label=Deploy] input", name);
    browser.click("form[aria-label=Deploy] button", "Deploy");
    browser.find("form[aria-label=Deploy] [role=status]", "/v2/models/" + name);
    assertThat(api.get("/v1/deployments/" + name).expect(200).json().get("job").stringValue())
        .isEqualTo(id);
    browser.click("a", "See the deployments");
    browser.find("h1", "Deployments");
    assertThat(browser.find("tr", name).getText()).contains("ready", id);
    browser.click("button[aria-label='End " + name + "']", "");
    browser.click("dialog button", "End it");
    browser.find(".empty", "No model is deployed");
    api.get("/v1/deployments/" + name).expect(404);
  }

  @Test
  void modelsAreShownWithTheirShapes() {
    String name = fresh("model");
    api.post("/v1/models", Api.example("iris-model.json").replace("iris-mlp", name)).expect(201);
    browser.go("/models");
    browser.click("a", name + "@1");
    browser.find("h1", name + "@1");
    browser.find("tr", "Linear");
    browser.find(".facts", "131");
  }
}
