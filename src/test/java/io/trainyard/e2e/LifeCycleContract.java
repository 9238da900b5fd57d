package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.jobs.Reason;
import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.training.Epoch;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A job's life as its user steers it and its runs live through it. */
abstract class LifeCycleContract extends LifeCycleService {

  LifeCycleContract(Parts parts) {
    super(parts);
  }

  @Test
  void aRunningJobIsPausedAndGoesOnFromItsCheckpoint() {
    String job = submit(document(5));
    HandDrivenRunner first = running(job);
    first.epochs(1, 2);
    assertThat(first.tell()).isEqualTo("continue");

    JsonNode pausing = post(job, "pause").expect(202).json();
    assertState(pausing, "pausing");
    assertThat(pausing.get("reason").stringValue()).isEqualTo("user");
    post(job, "pause").expect(200);
    post(job, "resume").expect(409);
    assertThat(first.tell()).isEqualTo("pause");
    first.checkpoint(2, "pause", true);
    first.end("paused", null);

    JsonNode paused = api.job(job);
    assertState(paused, "paused");
    assertThat(paused.get("terminal").booleanValue()).isFalse();
    assertThat(paused.get("phase").isNull()).isTrue();
    post(job, "pause").expect(200);
    api.delete("/v1/jobs/" + job).expect(409);
    first.report(new RunEvent.Warning("late")).expect(409);

    assertState(post(job, "resume").expect(202).json(), "queued");
    assertThat(api.job(job).get("queue_position").longValue()).isEqualTo(1);
    post(job, "resume").expect(200);
    HandDrivenRunner second = HandDrivenRunner.claim(api, runs, job);
    assertThat(second.order().at("/checkpoints/0/epoch").intValue()).isEqualTo(2);
    second.tell(new RunEvent.Resumed(2, 0), new RunEvent.Started("cpu"));
    post(job, "resume").expect(200);
    second.epochs(3, 5);
    second.end("succeeded", "completed");

    JsonNode ended = api.job(job);
    assertState(ended, "succeeded");
    assertThat(ended.get("attempt").intValue()).isEqualTo(2);
    assertThat(epochs(job, "metrics")).containsExactly(1, 2, 3, 4, 5);
    assertThat(list(job, "attempts"))
        .extracting(a -> a.get("outcome").stringValue())
        .containsExactly("paused", "succeeded");
    assertThat(list(job, "attempts").get(1).get("resumed_from").intValue()).isEqualTo(2);
    assertThat(events(job, "job.state"))
        .extracting(e -> e.get("state").stringValue())
        .containsExactly(
            "queued",
            "starting",
            "running",
            "pausing",
            "paused",
            "queued",
            "starting",
            "running",
            "succeeded");
    assertThat(events(job, "job.progress"))
        .filteredOn(e -> e.has("resumed_from"))
        .hasSize(1)
        .allMatch(e -> e.get("resumed_from").intValue() == 2);
    post(job, "resume").expect(409);
    post(job, "pause").expect(409);
  }

  @Test
  void aQueuedJobIsPausedAtOnceAndCancelledAtOnce() {
    String job = submit(document(1));

    assertState(post(job, "pause").expect(202).json(), "paused");
    assertThat(runs.claim("test", Duration.ofMinutes(1))).as("nothing waits").isEmpty();
    assertState(post(job, "resume").expect(202).json(), "queued");
    assertState(post(job, "pause").expect(202).json(), "paused");
    assertState(post(job, "cancel").expect(202).json(), "cancelled");
    post(job, "cancel").expect(200);
    post(job, "pause").expect(409);
  }

  @Test
  void aRunnerThatIsLostWhilePausingLeavesThePausedJob() {
    String job = submit(document(5));
    HandDrivenRunner runner = running(job);
    post(job, "pause").expect(202);

    runs.exited(runner.claim().id(), 137, Reason.NATIVE_CRASH, "gone");

    assertThat(state(job)).isEqualTo("paused");
    assertThat(list(job, "attempts").get(0).get("outcome").stringValue()).isEqualTo("lost");
  }

  @Test
  void aPausingJobCanStillBeCancelled() {
    String job = submit(document(5));
    HandDrivenRunner runner = running(job);
    post(job, "pause").expect(202);
    assertState(post(job, "cancel").expect(202).json(), "cancelling");
    post(job, "pause").expect(409);
    post(job, "resume").expect(409);
    assertThat(runner.tell()).isEqualTo("cancel");

    runner.end("paused", null);

    assertThat(state(job)).as("the pause was under way already").isEqualTo("cancelled");
  }

  @Test
  void aFailedJobAndACancelledOneGoOnInANewAttempt() {
    String job = submit(document(4));
    HandDrivenRunner first = running(job);
    first.epochs(1, 1);
    first.checkpoint(1, "epoch", true);
    first.end("failed", "out_of_memory");
    assertThat(state(job)).isEqualTo("failed");

    JsonNode resumed = post(job, "resume").expect(202).json();
    assertState(resumed, "queued");
    assertThat(resumed.get("reason").isNull()).isTrue();
    assertThat(resumed.get("finished_at").isNull()).isTrue();
    HandDrivenRunner second = running(job);
    assertThat(second.claim().id().attempt()).isEqualTo(2);
    first.report(new RunEvent.Warning("late")).expect(409);
    post(job, "cancel").expect(202);
    second.end("cancelled", null);
    post(job, "resume").expect(202);
    HandDrivenRunner third = running(job);
    assertThat(third.order().get("checkpoints")).hasSize(1);
    third.epochs(1, 4);
    third.end("succeeded", "completed");

    assertThat(epochs(job, "metrics")).as("none double, none missing").containsExactly(1, 2, 3, 4);
  }

  @Test
  void anEpochThatLeavesOneOutIsRefused() {
    String job = submit(document(9));
    HandDrivenRunner runner = running(job);
    runner.epochs(1, 2);
    runner.epochs(1, 1);

    Epoch fourth = new Epoch(4, 1, null, 0.1, 1, 1, Map.of());
    RunEvent gap = new RunEvent.EpochDone(fourth, clock.instant());
    assertThat(runner.report(gap).expect(400).body()).contains("epoch 4 does not follow epoch 2");
    assertThat(epochs(job, "metrics")).containsExactly(1, 2);
    runner.end("failed", "data_error");
  }

  @Test
  void timeSpentPausedDoesNotCount() {
    String job = submit(document(9).put("max_runtime_seconds", 3600));
    HandDrivenRunner first = running(job);
    clock.advance(Duration.ofMinutes(20));
    assertThat(first.order().get("seconds_left").doubleValue()).isBetween(2300.0, 2400.0);
    post(job, "pause").expect(202);
    first.end("paused", null);
    clock.advance(Duration.ofHours(5));
    post(job, "resume").expect(202);
    clock.advance(Duration.ofHours(5));

    HandDrivenRunner second = running(job);
    assertThat(second.order().get("seconds_left").doubleValue()).isBetween(2300.0, 2400.0);
    second.end("failed", "deadline_exceeded");
    assertThat(post(job, "resume").expect(409).body()).contains("max_runtime_seconds");
  }

  @Test
  void aJobWhoseDatasetIsGoneCannotGoOn() {
    api.post(
            "/v1/datasets",
            """
            {"type": "synthetic", "name": "going", "seed": 1, "samples": 8, "input_shape": [2],
             "target_shape": [1]}
            """)
        .expect(201);
    String job = submit(document(2).put("dataset", "going"));
    HandDrivenRunner runner = running(job);
    runner.epochs(1, 1);
    runner.checkpoint(1, "epoch", true);
    runner.end("failed", "out_of_memory");
    api.delete("/v1/datasets/going").expect(204);

    assertThat(post(job, "resume").expect(409).body()).contains("dataset", "was deleted");
    assertThat(state(job)).isEqualTo("failed");
    post(job, "rerun").expect(409);
    api.post("/v1/jobs/" + job + "/fork", "{}").expect(409);
  }

  @Test
  void whatIsNotThereCannotBeSteered() {
    String nothing = "job_" + "0".repeat(26);
    for (String command : new String[] {"cancel", "pause", "resume", "checkpoints", "rerun"}) {
      post(nothing, command).expect(404);
    }
    api.post("/v1/jobs/" + nothing + "/fork", "{}").expect(404);
    api.get("/v1/jobs/" + nothing + "/checkpoints").expect(404);
  }
}
