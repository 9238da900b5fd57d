package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Real runs that are killed, paused and stopped give the model, to the bit, and the epochs of one
 * that was left alone. {@code trainyard.test.resume.kills} asks for more kills by hand.
 */
class ResumeIT {
  private static final int KILLS = Integer.getInteger("trainyard.test.resume.kills", 3);
  private static final int EPOCHS = 40;

  /** Order, dropout, batch statistics, a scheduler and the best epoch: all that has a state. */
  private static final String JOB =
      """
      {"name": "%s",
       "model": {"layers": [{"type": "Linear", "in_features": 20, "out_features": 64},
         {"type": "BatchNorm1d", "num_features": 64}, {"type": "ReLU"}, {"type": "Dropout", "p": 0.3},
         {"type": "Linear", "in_features": 64, "out_features": 3}]},
       "dataset": {"type": "synthetic", "seed": 1, "samples": 4000, "input_shape": [20], "classes": 3},
       "loss": {"type": "CrossEntropyLoss"}, "optimizer": {"type": "Adam", "lr": 0.001},
       "scheduler": {"type": "ReduceLROnPlateau", "patience": 1, "factor": 0.5},
       "early_stopping": {"monitor": "validation_loss", "patience": 1000, "restore_best": true},
       "validation": {"fraction": 0.2}, "metrics": ["accuracy"],
       "epochs": %d, "batch_size": 4, "shuffle": true, "seed": 11,
       "checkpoint": {"every_epochs": 2, "keep": 2}}
      """;

  private final Random random = new Random(7);

  private static String expectedModel = "";
  private static List<String> expectedEpochs = List.of();

  @TempDir private Path home;

  @BeforeAll
  static void leaveOneAlone(@TempDir Path alone) {
    try (ServerProcess server = ServerProcess.start(alone)) {
      Api api = new Api(server.url());
      String id = api.submit(JOB.formatted("alone", EPOCHS));
      assertThat(api.ended(id).get("state").stringValue()).isEqualTo("succeeded");
      expectedModel = model(api, id);
      expectedEpochs = epochs(api, id);
    }
    assertThat(expectedEpochs).hasSize(EPOCHS);
  }

  @Test
  void aKilledRunnerIsFollowedByOneThatGoesOnToTheBit() {
    int resumed = 0;
    try (ServerProcess server = start()) {
      Api api = new Api(server.url());
      for (int i = 0; i < KILLS; i++) {
        String id = api.submit(JOB.formatted("killed", EPOCHS));
        trainsUpTo(api, id, 3 + random.nextInt(EPOCHS - 10));
        server.runners().forEach(ProcessHandle::destroyForcibly);
        same(api, id);
        resumed += resumed(api, id);
      }
    }
    System.out.println(KILLS + " runners killed, " + resumed + " resumed, all to the bit");
    assertThat(resumed).isGreaterThan(KILLS / 2);
  }

  @Test
  void aKilledServerAndAStoppedOneLeaveTheirJobsAsFarAsTheyAre() {
    String id;
    try (ServerProcess server = start()) {
      Api api = new Api(server.url());
      id = api.submit(JOB.formatted("server-killed", EPOCHS));
      trainsUpTo(api, id, 6);
      server.kill();
    }
    int stoppedAt;
    try (ServerProcess server = start()) {
      Api api = new Api(server.url());
      stoppedAt = trainsUpTo(api, id, 20);
      server.terminate();
    }
    try (ServerProcess server = start()) {
      Api api = new Api(server.url());
      same(api, id);
      JsonNode attempts = api.get("/v1/jobs/" + id + "/attempts").json().get("data");
      assertThat(attempts).hasSize(3);
      assertThat(attempts.get(2).get("resumed_from").intValue())
          .as("a server that stops has its runner store a checkpoint")
          .isGreaterThanOrEqualTo(stoppedAt - 1);
    }
  }

  @Test
  void aPausedJobGoesOnWhereItWas() {
    try (ServerProcess server = start()) {
      Api api = new Api(server.url());
      String id = api.submit(JOB.formatted("paused", EPOCHS));
      trainsUpTo(api, id, 5);
      api.post("/v1/jobs/" + id + "/pause").expect(202);
      JsonNode paused = api.awaitJob(id, job -> job.get("state").stringValue().equals("paused"));
      int epoch = paused.get("epoch").intValue();
      assertThat(epoch).isBetween(5, EPOCHS - 1);

      // What waits now has the slot to itself.
      String other = api.submit(JOB.formatted("other", 2));
      assertThat(api.ended(other).get("state").stringValue()).isEqualTo("succeeded");

      api.post("/v1/jobs/" + id + "/resume").expect(202);
      same(api, id);
      assertThat(resumed(api, id)).isEqualTo(1);
      assertThat(
              api.get("/v1/jobs/" + id + "/attempts").json().at("/data/1/resumed_from").intValue())
          .isEqualTo(epoch);
    }
  }

  @Test
  void aForkGoesOnFromACheckpointWithItsOwnDocument() {
    try (ServerProcess server = start()) {
      Api api = new Api(server.url());
      String short20 = api.submit(JOB.formatted("parent", EPOCHS / 2));
      api.ended(short20);
      String fork =
          api.post(
                  "/v1/jobs/" + short20 + "/fork",
                  "{\"checkpoint\": 20, \"document\": {\"epochs\": " + EPOCHS + "}}")
              .expect(202)
              .json()
              .get("id")
              .stringValue();
      JsonNode ended = api.ended(fork);

      assertThat(ended.get("state").stringValue()).as(ended.toString()).isEqualTo("succeeded");
      assertThat(ended.at("/lineage/job").stringValue()).isEqualTo(short20);
      assertThat(epochs(api, fork)).isEqualTo(expectedEpochs.subList(EPOCHS / 2, EPOCHS));
      assertThat(model(api, fork)).isEqualTo(expectedModel);
    }
  }

  private ServerProcess start() {
    return ServerProcess.start(home, "--trainyard.runner.spare=false");
  }

  /** Returns the epoch that was seen. */
  private static int trainsUpTo(Api api, String id, int epoch) {
    JsonNode job = api.awaitJob(id, j -> j.get("epoch").intValue() >= epoch);
    assertThat(job.get("terminal").booleanValue()).as("it must be at work still").isFalse();
    return job.get("epoch").intValue();
  }

  private static void same(Api api, String id) {
    JsonNode ended = api.ended(id);
    assertThat(ended.get("state").stringValue()).as(ended.toString()).isEqualTo("succeeded");
    assertThat(epochs(api, id)).isEqualTo(expectedEpochs);
    assertThat(model(api, id)).isEqualTo(expectedModel);
  }

  /** The attempts that did not begin at the beginning. */
  private static int resumed(Api api, String id) {
    int resumed = 0;
    for (JsonNode attempt : api.get("/v1/jobs/" + id + "/attempts").json().get("data")) {
      resumed += attempt.path("resumed_from").asInt(0) > 0 ? 1 : 0;
    }
    return resumed;
  }

  private static String model(Api api, String id) {
    for (JsonNode file : api.get("/v1/jobs/" + id + "/artifacts").json().get("data")) {
      if (file.get("name").stringValue().equals("model.safetensors")) {
        return file.get("sha256").stringValue();
      }
    }
    throw new AssertionError("no model");
  }

  /** What is computed in each epoch. */
  private static List<String> epochs(Api api, String id) {
    List<String> epochs = new ArrayList<>();
    JsonNode rows = api.get("/v1/jobs/" + id + "/metrics?limit=1000").json().get("data");
    for (JsonNode row : rows) {
      List<String> numbers = new ArrayList<>();
      for (String name : List.of("epoch", "train_loss", "validation_loss", "lr", "metrics")) {
        numbers.add(row.get(name).toString());
      }
      epochs.add(String.join(" ", numbers));
    }
    return epochs;
  }
}
