package io.trainyard.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import io.trainyard.training.Epoch;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  static Job job() {
    return Job.submitted(
        "job_0123456789abcdefghjkmnpqrs",
        new JobSpec("local", "n", Json.object(), null, null, 10, 1, 0, null, Map.of(), NOW, null));
  }

  private static Job running() {
    Job job = job();
    job.claim(NOW);
    job.apply(new RunEvent.Started("cpu"), NOW);
    return job;
  }

  static RunEvent epoch(int number, double loss) {
    return new RunEvent.EpochDone(
        new Epoch(number, loss, null, 0.1, 1, 10, Map.of()), NOW.plusSeconds(number));
  }

  private static List<String> states(Job job) {
    return job.takeRecorded().events().stream()
        .filter(e -> e.type() == JobEvent.Type.STATE)
        .map(e -> e.data().get("state").stringValue())
        .toList();
  }

  @Test
  void goesFromTheQueueToItsResult() {
    Job job = running();
    job.apply(epoch(1, 2.0), NOW);
    job.apply(epoch(2, 3.0), NOW);
    job.apply(new RunEvent.Ended("succeeded", "completed", null, null), NOW);

    assertThat(states(job)).containsExactly("queued", "starting", "running", "succeeded");
    assertThat(job.outcome().reason()).isEqualTo(Reason.COMPLETED);
    assertThat(job.progress().epoch()).isEqualTo(2);
    assertThat(job.progress().bestEpoch()).isEqualTo(1);
    assertThat(job.progress().fraction()).isEqualTo(1);
  }

  @Test
  void recordsEachEpochOnce() {
    Job job = running();
    job.apply(epoch(1, 2.0), NOW);
    job.apply(epoch(2, 1.0), NOW);
    job.lose(Reason.NATIVE_CRASH, "gone", NOW);
    job.claim(NOW);
    job.apply(new RunEvent.Started("cpu"), NOW);
    job.apply(epoch(1, 2.0), NOW);
    job.apply(epoch(2, 1.0), NOW);
    job.apply(epoch(3, 0.5), NOW);

    assertThat(job.takeRecorded().events().stream().filter(e -> e.type() == JobEvent.Type.EPOCH))
        .extracting(JobEvent::epoch)
        .containsExactly(1, 2, 3);
    assertThat(job.runs().attempt()).isEqualTo(2);
  }

  @Test
  void numbersItsEventsWithoutGaps() {
    Job job = running();
    job.apply(epoch(1, 2.0), NOW);

    assertThat(job.takeRecorded().events())
        .extracting(JobEvent::sequence)
        .containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void isGivenUpAfterThreeLostRuns() {
    Job job = running();
    for (int crash = 1; crash <= 3; crash++) {
      job.apply(epoch(crash, 1), NOW);
      job.lose(Reason.NATIVE_CRASH, "gone", NOW);
      assertThat(job.state()).as("crash " + crash).isEqualTo(JobState.QUEUED);
      job.claim(NOW);
    }
    job.apply(epoch(4, 1), NOW);
    job.lose(Reason.NATIVE_CRASH, "gone", NOW);

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.outcome().reason()).isEqualTo(Reason.NATIVE_CRASH);
  }

  @Test
  void isGivenUpWhenTheSameEpochIsLostTwice() {
    Job job = running();
    job.lose(Reason.NATIVE_CRASH, "gone", NOW);
    job.claim(NOW);
    job.lose(Reason.NATIVE_CRASH, "gone", NOW);

    assertThat(job.state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void isTriedAgainOnlyIfThatMayHelp() {
    for (Reason reason : List.of(Reason.NATIVE_CRASH, Reason.RUNNER_LOST, Reason.LEASE_EXPIRED)) {
      Job lost = running();
      lost.lose(reason, "gone", NOW);
      assertThat(lost.state()).as(reason.word()).isEqualTo(JobState.QUEUED);
    }
    for (Reason reason :
        List.of(
            Reason.OUT_OF_MEMORY,
            Reason.START_FAILED,
            Reason.DEVICE_UNAVAILABLE,
            Reason.DEADLINE_EXCEEDED)) {
      Job failed = running();
      failed.lose(reason, "why", NOW);
      assertThat(failed.state()).as(reason.word()).isEqualTo(JobState.FAILED);
      assertThat(failed.outcome().reason()).isEqualTo(reason);
      assertThat(failed.outcome().error()).isEqualTo("why");
    }
  }

  @Test
  void isHandedBackAsOftenAsServersStop() {
    Job job = running();
    for (int i = 0; i < 10; i++) {
      job.handBack(NOW);
      job.claim(NOW);
    }

    assertThat(job.state()).isEqualTo(JobState.STARTING);
    assertThat(job.runs().attempt()).isEqualTo(11);
  }

  @Test
  void isTakenFromServersThatAreGoneAsOftenAsTheyAre() {
    Job job = running();
    for (int i = 0; i < 10; i++) {
      job.expire("gone", NOW);
      assertThat(job.outcome().reason()).isEqualTo(Reason.LEASE_EXPIRED);
      job.claim(NOW);
    }
    job.cancel(NOW);
    job.expire("gone", NOW);

    assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    assertThat(job.outcome().reason()).isEqualTo(Reason.USER);
    assertThat(job.runs().crashes()).isZero();
  }

  @Test
  void isNotTriedAgainWithoutMemory() {
    Job job = running();
    job.lose(Reason.OUT_OF_MEMORY, "no heap", NOW);

    assertThat(states(job)).containsExactly("queued", "starting", "running", "failed");
    assertThat(job.outcome().reason()).isEqualTo(Reason.OUT_OF_MEMORY);
  }

  @Test
  void goesBackToTheQueueWhenItsRunnerEndsForTheServersSake() {
    Job job = running();
    job.apply(new RunEvent.Ended("paused", null, null, null), NOW);

    assertThat(states(job)).containsExactly("queued", "starting", "running", "queued");
    assertThat(job.runs().crashes()).isZero();
  }

  @Test
  void isCancelledAtOnceWhileItWaits() {
    Job job = job();

    assertThat(job.cancel(NOW)).isTrue();
    assertThat(job.cancel(NOW)).isFalse();
    assertThat(states(job)).containsExactly("queued", "cancelled");
  }

  @Test
  void isCancelledThroughItsRunnerWhileItRuns() {
    Job job = running();
    job.cancel(NOW);
    assertThat(job.state()).isEqualTo(JobState.CANCELLING);
    job.apply(new RunEvent.Ended("cancelled", null, null, null), NOW);

    assertThat(states(job))
        .containsExactly("queued", "starting", "running", "cancelling", "cancelled");
    assertThat(job.outcome().reason()).isEqualTo(Reason.USER);
  }

  @Test
  void staysCancelledIfItsRunnerIsLostOrFinishesMeanwhile() {
    Job lost = running();
    lost.cancel(NOW);
    lost.lose(Reason.NATIVE_CRASH, "gone", NOW);
    Job finished = running();
    finished.cancel(NOW);
    finished.apply(new RunEvent.Ended("succeeded", "completed", null, null), NOW);

    assertThat(lost.state()).isEqualTo(JobState.CANCELLED);
    assertThat(finished.state()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void refusesWhatItsStateDoesNotAllow() {
    Job done = running();
    done.apply(new RunEvent.Ended("succeeded", "completed", null, null), NOW);

    assertThatThrownBy(() -> done.cancel(NOW)).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> done.claim(NOW)).isInstanceOf(Problem.class);
  }

  @Test
  void estimatesItsEndByThePaceOfItsEpochs() {
    Job job = running();
    assertThat(job.estimatedFinish()).isNull();
    job.apply(epoch(1, 1), NOW);
    job.apply(epoch(2, 1), NOW);

    assertThat(job.estimatedFinish()).isEqualTo(NOW.plusSeconds(10));
  }
}
