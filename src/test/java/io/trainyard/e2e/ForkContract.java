package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Json;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** New jobs from old ones. */
abstract class ForkContract extends LifeCycleService {

  ForkContract(Parts parts) {
    super(parts);
  }

  /** A job that failed after three epochs, with checkpoints of the second and the third. */
  private String failed(ObjectNode document) {
    String job = submit(document);
    HandDrivenRunner runner = running(job);
    runner.epochs(1, 3);
    runner.checkpoint(2, "epoch", false);
    runner.checkpoint(3, "epoch", false);
    runner.end("failed", "out_of_memory");
    return job;
  }

  private Api.Answer fork(String job, String request, String... headers) {
    return api.post("/v1/jobs/" + job + "/fork", request, headers);
  }

  private static String id(Api.Answer answer) {
    String id = answer.expect(202).json().get("id").stringValue();
    assertThat(answer.header("Location")).isEqualTo("/v1/jobs/" + id);
    return id;
  }

  @Test
  void aForkGoesOnFromTheNewestCheckpointWithChanges() throws Exception {
    String parent = failed(document(5));

    String fork =
        id(
            fork(
                parent,
                """
                {"document": {"name": "forked", "epochs": 6, "optimizer": {"lr": 0.5}, "tags": {"a": "b"}}}
                """));

    JsonNode job = api.job(fork);
    assertThat(job.get("name").stringValue()).isEqualTo("forked");
    assertThat(job.get("epoch").intValue()).isEqualTo(3);
    assertThat(job.get("progress").doubleValue()).isEqualTo(0.5);
    assertThat(job.get("attempt").intValue()).isZero();
    assertThat(job.get("seed")).isEqualTo(api.job(parent).get("seed"));
    assertThat(job.at("/spec/optimizer")).isEqualTo(json("{'type': 'SGD', 'lr': 0.5}"));
    assertThat(job.get("lineage"))
        .isEqualTo(json("{'kind': 'fork', 'job': '" + parent + "', 'checkpoint': 3}"));
    assertThat(api.job(parent).get("lineage").isNull()).isTrue();
    JsonNode first = events(fork, "job.checkpoint").get(0);
    assertThat(first.get("cause").stringValue()).isEqualTo("fork");

    api.delete("/v1/jobs/" + parent).expect(204);
    assertThat(files(parent)).isEmpty();
    HandDrivenRunner runner = HandDrivenRunner.claim(api, runs, fork);
    assertThat(runner.order().get("checkpoints")).hasSize(1);
    assertThat(runner.get("/checkpoints/3/state.safetensors").expect(200).body())
        .as("its own, though the job that it was made from is gone")
        .isEqualTo("the state after epoch 3");
    runner.begin();
    runner.epochs(4, 6);
    runner.end("succeeded", "completed");
    assertThat(epochs(fork, "metrics")).containsExactly(4, 5, 6);
  }

  private static JsonNode json(String text) {
    return Json.MAPPER.readTree(text.replace('\'', '"'));
  }

  @Test
  void aForkTakesTheCheckpointThatItIsTold() {
    String parent = failed(document(5));

    String fork = id(fork(parent, "{\"checkpoint\": 2}"));

    assertThat(api.job(fork).get("epoch").intValue()).isEqualTo(2);
    assertThat(epochs(fork, "checkpoints")).containsExactly(2);
    String other = id(api.post("/v1/jobs/" + parent + "/fork"));
    assertThat(api.job(other).get("epoch").intValue()).as("without a body").isEqualTo(3);
  }

  @Test
  void aForkThatCannotBeIsRefusedWithItsPlace() {
    String parent = failed(document(5));
    long before = jobs();

    assertThat(fork(parent, "{\"checkpoint\": 9}").expect(422).pointers())
        .containsExactly("/checkpoint");
    assertThat(fork(parent, "{\"checkpoint\": -1, \"doc\": {}}").expect(422).pointers())
        .containsExactlyInAnyOrder("/checkpoint", "/doc");
    assertThat(fork(parent, "{\"document\": 3}").expect(422).pointers())
        .containsExactly("/document");
    assertThat(fork(parent, "{\"document\": {\"epochs\": 3}}").expect(422).pointers())
        .containsExactly("/document/epochs");
    assertThat(
            fork(parent, "{\"document\": {\"optimizer\": {\"lr\": -1}, \"loss\": null}}")
                .expect(422)
                .pointers())
        .contains("/document/optimizer/lr", "/document/loss");
    assertThat(fork(parent, "{\"document\": {\"model\": " + model(2) + "}}").expect(422).body())
        .contains("/document/model", "0.weight is [1, 2] in the checkpoint, not [2, 2]");
    fork(parent, "{\"document\"").expect(400);
    fork(parent, " ".repeat(11 << 20)).expect(413);
    api.send(
            "POST",
            "/v1/jobs/" + parent + "/fork",
            BodyPublishers.ofString("a"),
            "Content-Type",
            "text/plain")
        .expect(415);
    assertThat(jobs()).as("no job of a refused fork").isEqualTo(before);
  }

  private long jobs() {
    return api.get("/v1/jobs?limit=200").json().get("data").size();
  }

  private static String model(int outputs) {
    return """
        {"layers": [{"type": "Linear", "in_features": 2, "out_features": %d},
                    {"type": "Linear", "in_features": %d, "out_features": 1}]}
        """
        .formatted(outputs, outputs);
  }

  @Test
  void aJobWithoutCheckpointsIsNotForked() {
    String job = submit(document(5));

    assertThat(fork(job, "{}").expect(409).body()).contains("no checkpoint");
  }

  @Test
  void aRerunIsTheSameDocumentOnTheSameModel() {
    String layers =
        "{\"layers\": [{\"type\": \"Linear\", \"in_features\": 2, \"out_features\": 1}]";
    api.post("/v1/models", layers + ", \"name\": \"rerun\"}").expect(201);
    ObjectNode document = document(2).put("model", "rerun");
    document.remove("seed");
    String job = submit(document);
    HandDrivenRunner runner = running(job);
    JsonNode order = runner.order();
    runner.end("failed", "diverged");
    api.post("/v1/models", layers.replace("1}", "1, \"bias\": false}") + ", \"name\": \"rerun\"}")
        .expect(201);

    String again = id(post(job, "rerun"));

    assertThat(api.job(again).get("spec")).isEqualTo(api.job(job).get("spec"));
    assertThat(api.job(again).get("seed")).isEqualTo(api.job(job).get("seed"));
    assertThat(api.job(again).get("lineage"))
        .isEqualTo(json("{'kind': 'rerun', 'job': '" + job + "', 'checkpoint': null}"));
    HandDrivenRunner second = running(again);
    assertThat(second.order().get("document")).isEqualTo(order.get("document"));
    second.end("failed", "diverged");
  }

  @Test
  void aKeyMakesOneJob() {
    String parent = failed(document(5));
    String other = failed(document(5));
    String key = "Idempotency-Key";
    String changes = "{\"document\": {\"name\": \"k\"}}";

    String fork = id(fork(parent, changes, key, "k1"));
    assertThat(id(fork(parent, changes, key, "k1"))).isEqualTo(fork);
    fork(parent, "{}", key, "k1").expect(422);
    fork(other, changes, key, "k1").expect(422);
    String rerun = id(rerun(parent, "k1"));
    assertThat(id(rerun(parent, "k1"))).isEqualTo(rerun);
    rerun(other, "k1").expect(422);
  }

  private Api.Answer rerun(String job, String key) {
    return api.send(
        "POST", "/v1/jobs/" + job + "/rerun", BodyPublishers.noBody(), "Idempotency-Key", key);
  }

  @Test
  void aFullQueueTakesNeither() {
    String parent = failed(document(5));
    for (int i = 0; i < 3; i++) {
      submit(document(1));
    }

    fork(parent, "{}").expect(429);
    post(parent, "rerun").expect(429);
  }
}
