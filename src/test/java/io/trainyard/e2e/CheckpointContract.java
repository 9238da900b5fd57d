package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.jobs.Reason;
import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.shared.Digests;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What runs store to go on from, and what users see of it. */
abstract class CheckpointContract extends LifeCycleService {

  CheckpointContract(Parts parts) {
    super(parts);
  }

  private void finish(HandDrivenRunner runner) {
    runner.end("failed", "out_of_memory");
  }

  @Test
  void aStoredCheckpointIsListedToldAndDownloaded() {
    String job = submit(document(9));
    HandDrivenRunner runner = running(job);
    runner.epochs(1, 3);
    runner.checkpoint(3, "epoch", true);

    JsonNode listed = list(job, "checkpoints").get(0);
    RunEvent.CheckpointDone done = runner.done(3, "epoch", true);
    assertThat(listed.get("epoch").intValue()).isEqualTo(3);
    assertThat(listed.get("attempt").intValue()).isEqualTo(1);
    assertThat(listed.get("cause").stringValue()).isEqualTo("epoch");
    assertThat(listed.get("best").booleanValue()).isTrue();
    assertThat(listed.get("bytes").longValue()).isEqualTo(done.bytes());
    assertThat(listed.get("sha256").stringValue()).isEqualTo(done.sha256());
    JsonNode told = events(job, "job.checkpoint").get(0);
    assertThat(told.get("epoch").intValue()).isEqualTo(3);
    assertThat(told.get("sha256")).isEqualTo(listed.get("sha256"));
    String checkpoint = "/v1/jobs/" + job + "/checkpoints/3";
    String manifest = api.get(checkpoint).expect(200).body();
    assertThat(Digests.sha256(manifest)).isEqualTo(done.sha256());
    assertThat(api.get(checkpoint + "/state.safetensors").expect(200).body())
        .isEqualTo(text(HandDrivenRunner.state(3)));
    JsonNode files = api.get(checkpoint + "/artifacts").expect(200).json().get("data");
    assertThat(files).as("its manifest has no card").hasSize(1);
    JsonNode made = api.get(checkpoint + "/artifacts/manifest.json").expect(200).json();
    assertThat(made.get("checkpoint").intValue()).isEqualTo(3);
    assertThat(made.at("/last/epoch").intValue()).isEqualTo(3);
    api.get(checkpoint + "/artifacts/model.onnx").expect(404);
    api.get("/v1/jobs/" + job + "/checkpoints/2/artifacts").expect(404);
    api.get("/v1/jobs/" + job + "/checkpoints/2").expect(404);
    api.get("/v1/jobs/" + job + "/checkpoints/x").expect(404);
    api.get("/v1/jobs/" + job + "/checkpoints/2/state.safetensors").expect(404);
    assertThat(list(job, "artifacts"))
        .as("no artifact")
        .allMatch(file -> file.get("generated").booleanValue());
    assertThat(epochs(job, "metrics")).as("no epoch").containsExactly(1, 2, 3);
    finish(runner);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void theLastFewAndTheBestAreKeptWithTheirFiles() throws Exception {
    String job = submit(document(9));
    HandDrivenRunner runner = running(job);
    for (int epoch = 1; epoch <= 6; epoch++) {
      runner.epochs(epoch, epoch);
      runner.checkpoint(epoch, "epoch", epoch <= 2);
    }

    assertThat(epochs(job, "checkpoints")).containsExactly(6, 5, 2);
    assertThat(list(job, "checkpoints"))
        .extracting(c -> c.get("best").booleanValue())
        .containsExactly(false, false, true);
    assertThat(files(job)).hasSize(6).allMatch(name -> name.matches("checkpoint-[256]-1-.*"));
    assertThat(events(job, "job.checkpoint")).hasSize(6);
    JsonNode page = api.get("/v1/jobs/" + job + "/checkpoints?limit=2").expect(200).json();
    assertThat(page.get("has_more").booleanValue()).isTrue();
    assertThat(page.get("next_cursor").stringValue()).isEqualTo("5");
    assertThat(epochs(job, "checkpoints?after=5")).containsExactly(2);
    api.get("/v1/jobs/" + job + "/checkpoints?limit=0").expect(400);
    finish(runner);
  }

  @Test
  void theNextAttemptIsGivenThemNewestFirst() {
    String job = submit(document(9));
    HandDrivenRunner first = running(job);
    assertThat(first.order().get("checkpoints")).isEmpty();
    first.epochs(1, 4);
    first.checkpoint(2, "epoch", false);
    first.checkpoint(4, "time", false);
    runs.exited(first.claim().id(), 137, Reason.NATIVE_CRASH, "gone");

    HandDrivenRunner second = running(job);
    assertThat(second.order().get("checkpoints"))
        .extracting(c -> c.get("epoch").intValue())
        .containsExactly(4, 2);
    assertThat(second.order().at("/checkpoints/0/sha256").stringValue())
        .isEqualTo(first.done(4, "time", false).sha256());
    assertThat(second.get("/checkpoints/4/state.safetensors").expect(200).body())
        .isEqualTo(text(HandDrivenRunner.state(4)));
    assertThat(second.get("/checkpoints/4/manifest.json").expect(200).body())
        .isEqualTo(text(first.manifest(4)));
    second.get("/checkpoints/3/manifest.json").expect(404);
    second.get("/checkpoints/x/manifest.json").expect(404);
    second.get("/checkpoints/4/else").expect(404);
    finish(second);
  }

  @Test
  void onlyThePresentAttemptStoresAndReads() throws Exception {
    String job = submit(document(9));
    HandDrivenRunner first = running(job);
    first.epochs(1, 1);
    byte[] state = HandDrivenRunner.state(1);
    String state1 = first.path() + "/checkpoints/1/state.safetensors";
    api.get(state1).expect(401);
    api.send("PUT", state1, BodyPublishers.ofByteArray(state), "Content-Type", OCTETS).expect(401);
    api.send("PUT", state1, BodyPublishers.ofString("{}"), "Content-Type", "application/json")
        .expect(415);
    first.put("x", "state.safetensors", state).expect(404);
    first.put("1", "else", state).expect(404);
    first.put("1", "state.safetensors", state).expect(204);
    runs.exited(first.claim().id(), 137, Reason.NATIVE_CRASH, "gone");

    first.put("1", "manifest.json", first.manifest(1)).expect(409);
    first.get("/checkpoints/1/manifest.json").expect(409);
    first.report(first.done(1, "epoch", false)).expect(409);
    assertThat(list(job, "checkpoints")).isEmpty();
    assertThat(files(job)).as("the file of no checkpoint").hasSize(1);

    HandDrivenRunner second = running(job);
    second.checkpoint(1, "epoch", false);
    assertThat(epochs(job, "checkpoints")).containsExactly(1);
    assertThat(files(job)).hasSize(2).allMatch(name -> name.startsWith("checkpoint-1-2-"));
    finish(second);
  }

  private static final String OCTETS = "application/octet-stream";

  @Test
  void anotherUploadOfAnEpochLeavesTheRecordedOneWhole() throws Exception {
    String job = submit(document(9));
    HandDrivenRunner runner = running(job);
    runner.epochs(1, 1);
    runner.checkpoint(1, "time", false);

    runner.put("1", "state.safetensors", new byte[] {1, 2, 3}).expect(204);
    assertThat(runner.get("/checkpoints/1/state.safetensors").expect(200).body())
        .as("until it is reported")
        .isEqualTo(text(HandDrivenRunner.state(1)));
    runner.checkpoint(1, "pause", true);

    JsonNode listed = list(job, "checkpoints").get(0);
    assertThat(listed.get("cause").stringValue()).isEqualTo("pause");
    assertThat(epochs(job, "checkpoints")).containsExactly(1);
    finish(runner);
  }

  @Test
  void oneWithinAnEpochLeavesTheBestOneBeforeIt() {
    String job = submit(document(9));
    HandDrivenRunner first = running(job);
    first.epochs(1, 2);
    first.checkpoint(1, "epoch", false);
    first.checkpoint(2, "epoch", true);
    first.checkpointWithin(2, 10, "time");
    first.checkpointWithin(2, 20, "time");

    assertThat(list(job, "checkpoints"))
        .extracting(c -> c.get("epoch") + "-" + c.get("row") + " " + c.get("best"))
        .as("the newest within it, and keep is 2")
        .containsExactly("2-20 false", "2-0 true");
    JsonNode page = api.get("/v1/jobs/" + job + "/checkpoints?limit=1").expect(200).json();
    assertThat(page.get("next_cursor").stringValue()).isEqualTo("2-20");
    assertThat(list(job, "checkpoints?after=2-20"))
        .extracting(c -> c.get("row").intValue())
        .containsExactly(0);
    assertThat(row(job, "2")).isZero();
    assertThat(row(job, "2?row=0")).isZero();
    assertThat(row(job, "2?row=20")).isEqualTo(20);
    api.get("/v1/jobs/" + job + "/checkpoints/2?row=10").expect(404);
    api.get("/v1/jobs/" + job + "/checkpoints/2?row=x").expect(404);
    api.get("/v1/jobs/" + job + "/checkpoints?after=2-x").expect(400);
    runs.exited(first.claim().id(), 137, Reason.NATIVE_CRASH, "gone");

    HandDrivenRunner second = HandDrivenRunner.claim(api, runs, job);
    assertThat(second.order().get("checkpoints"))
        .extracting(c -> c.get("epoch") + "-" + c.get("row"))
        .containsExactly("2-20", "2-0");
    JsonNode given = second.get("/checkpoints/2/manifest.json?row=20").expect(200).json();
    assertThat(given.get("row").intValue()).isEqualTo(20);
    second.tell(new RunEvent.Resumed(2, 0), new RunEvent.Started("cpu"));
    assertThat(list(job, "checkpoints")).as("the damaged one is gone").hasSize(1);
    finish(second);
  }

  private int row(String job, String checkpoint) {
    return api.get("/v1/jobs/" + job + "/checkpoints/" + checkpoint)
        .expect(200)
        .json()
        .get("row")
        .intValue();
  }

  @Test
  void whatDidNotArriveWholeIsNoCheckpoint() {
    String job = submit(document(9));
    HandDrivenRunner runner = running(job);
    runner.epochs(1, 1);
    runner.put("1", "manifest.json", runner.manifest(1)).expect(204);
    assertThat(runner.tell(runner.done(1, "epoch", false))).isEqualTo("continue");
    runner.put("1", "state.safetensors", new byte[] {1}).expect(204);
    runner.tell(runner.done(1, "epoch", false));

    assertThat(list(job, "checkpoints")).isEmpty();
    assertThat(events(job, "job.warning")).hasSize(2);
    assertThat(runner.report(runner.done(2, "epoch", false)).expect(400).body())
        .contains("was not reported");
    finish(runner);
  }

  @Test
  void damagedOnesMakeRoomWhenARunPassesThemOver() {
    String job = submit(document(9));
    HandDrivenRunner first = running(job);
    first.epochs(1, 4);
    first.checkpoint(2, "epoch", false);
    first.checkpoint(4, "epoch", false);
    runs.exited(first.claim().id(), 137, Reason.NATIVE_CRASH, "gone");

    HandDrivenRunner second = HandDrivenRunner.claim(api, runs, job);
    second.tell(
        new RunEvent.Warning("checkpoint 4 is damaged"),
        new RunEvent.Resumed(2, 0),
        new RunEvent.Started("cpu"));
    assertThat(epochs(job, "checkpoints")).containsExactly(2);
    second.epochs(3, 5);
    second.checkpoint(5, "epoch", false);

    assertThat(epochs(job, "checkpoints")).containsExactly(5, 2);
    assertThat(epochs(job, "metrics")).containsExactly(1, 2, 3, 4, 5);
    finish(second);
  }

  @Test
  void aRunnerIsAskedUntilItHasWrittenOne() {
    String job = submit(document(9));
    post(job, "checkpoints").expect(409);
    HandDrivenRunner runner = running(job);
    runner.epochs(1, 1);

    assertState(post(job, "checkpoints").expect(202).json(), "running");
    post(job, "checkpoints").expect(200);
    assertThat(List.of(runner.tell(), runner.tell())).containsOnly("checkpoint");
    runner.epochs(2, 2);
    assertThat(runner.checkpoint(2, "request", false)).isEqualTo("continue");

    post(job, "checkpoints").expect(202);
    post(job, "pause").expect(202);
    assertThat(runner.tell()).isEqualTo("pause");
    finish(runner);
    post(job, "checkpoints").expect(409);
  }
}
