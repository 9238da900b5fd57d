package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is kept for a time after a job's end: checkpoints 7 days, events 30, jobs 90. */
abstract class RetentionContract extends LifeCycleService {

  RetentionContract(Parts parts) {
    super(parts);
  }

  private String ended() {
    String job = submit(document(5));
    HandDrivenRunner runner = running(job);
    runner.epochs(1, 2);
    runner.checkpoint(2, "epoch", true);
    runner.end("failed", "out_of_memory");
    return job;
  }

  @Test
  void anEndedJobLosesCheckpointsThenEventsThenItself() {
    String job = ended();
    clock.advance(Duration.ofDays(6));
    String young = ended();
    clock.advance(Duration.ofDays(2));

    await(
        "the checkpoints are gone",
        () -> {
          assertThat(list(job, "checkpoints")).isEmpty();
          assertThat(files(job)).isEmpty();
        });
    assertThat(epochs(job, "metrics")).containsExactly(1, 2);
    assertThat(epochs(young, "checkpoints")).as("of a job that ended later").containsExactly(2);

    clock.advance(Duration.ofDays(23));
    await("the events are gone", () -> assertThat(list(job, "events")).isEmpty());
    assertState(api.job(job), "failed");
    api.get("/v1/jobs/" + job + "/events", "Accept", "text/event-stream").expect(204);

    clock.advance(Duration.ofDays(60));
    await("the job is gone", () -> api.get("/v1/jobs/" + job).expect(404));
  }

  @Test
  void aJobThatIsPausedKeepsWhatItNeeds() {
    String job = submit(document(5));
    HandDrivenRunner runner = running(job);
    runner.epochs(1, 2);
    runner.checkpoint(2, "epoch", true);
    post(job, "pause").expect(202);
    runner.end("paused", null);
    String witness = ended();
    clock.advance(Duration.ofDays(200));

    await("an ended job is gone", () -> api.get("/v1/jobs/" + witness).expect(404));
    assertThat(epochs(job, "checkpoints")).containsExactly(2);
    assertThat(epochs(job, "metrics")).containsExactly(1, 2);
  }

  @Test
  void aResumedJobWithoutItsEventsGoesOnCounting() {
    String job = ended();
    clock.advance(Duration.ofDays(31));
    await(
        "the events are gone, and the checkpoints, which go by themselves",
        () -> {
          assertThat(list(job, "events")).isEmpty();
          assertThat(list(job, "checkpoints")).isEmpty();
        });
    post(job, "resume").expect(202);
    HandDrivenRunner runner = running(job);
    assertThat(runner.order().get("checkpoints")).as("it starts over").isEmpty();
    runner.epochs(1, 5);
    runner.end("succeeded", "completed");

    assertThat(epochs(job, "metrics")).containsExactly(3, 4, 5);
    assertThat(list(job, "events").get(0).get("sequence").longValue()).isGreaterThan(1);
  }

  @Test
  void aDeletedJobLeavesNothing() throws Exception {
    String job = ended();
    assertThat(files(job)).hasSize(2);

    api.delete("/v1/jobs/" + job).expect(204);

    assertThat(files(job)).isEmpty();
    api.get("/v1/jobs/" + job + "/checkpoints").expect(404);
    api.get("/v1/jobs/" + job + "/checkpoints/2").expect(404);
  }
}
