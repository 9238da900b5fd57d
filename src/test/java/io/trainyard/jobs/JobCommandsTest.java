package io.trainyard.jobs;

import static io.trainyard.jobs.JobState.CANCELLED;
import static io.trainyard.jobs.JobState.CANCELLING;
import static io.trainyard.jobs.JobState.FAILED;
import static io.trainyard.jobs.JobState.PAUSED;
import static io.trainyard.jobs.JobState.PAUSING;
import static io.trainyard.jobs.JobState.QUEUED;
import static io.trainyard.jobs.JobState.RUNNING;
import static io.trainyard.jobs.JobState.STARTING;
import static io.trainyard.jobs.JobState.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.shared.Problem;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every state and everything that can be asked of it or happen to it. */
class JobCommandsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  /** What is asked by users, told by runs or found by servers. */
  private enum Input {
    CANCEL,
    PAUSE,
    RESUME,
    CHECKPOINT,
    LOST,
    HANDED_BACK,
    ENDED_SUCCEEDED,
    ENDED_FAILED,
    ENDED_PAUSED;

    boolean on(Job job) {
      return switch (this) {
        case CANCEL -> job.cancel(NOW);
        case PAUSE -> job.pause(NOW);
        case RESUME -> job.resume(NOW);
        case CHECKPOINT -> job.askForCheckpoint();
        case LOST -> did(() -> job.lose(Reason.NATIVE_CRASH, "gone", NOW));
        case HANDED_BACK -> did(() -> job.handBack(NOW));
        case ENDED_SUCCEEDED -> did(() -> job.apply(ended("succeeded", "completed"), NOW));
        case ENDED_FAILED -> did(() -> job.apply(ended("failed", "diverged"), NOW));
        case ENDED_PAUSED -> did(() -> job.apply(ended("paused", null), NOW));
      };
    }

    private static boolean did(Runnable action) {
      action.run();
      return true;
    }
  }

  /**
   * @param next null where the input is refused
   * @param changed what a user is told
   */
  private record Case(JobState from, Input input, @Nullable JobState next, boolean changed) {
    @Override
    public String toString() {
      return from.word() + " " + input + " " + (next == null ? "refused" : next.word());
    }
  }

  private static RunEvent ended(String outcome, @Nullable String reason) {
    return new RunEvent.Ended(outcome, reason, null, null);
  }

  /** A job in a state, reached as in life. */
  static Job in(JobState state) {
    Job job = JobTest.job();
    if (state == QUEUED) {
      return job;
    }
    if (state == PAUSED) {
      job.pause(NOW);
      return job;
    }
    if (state == CANCELLED) {
      job.cancel(NOW);
      return job;
    }
    job.claim(NOW);
    if (state != STARTING) {
      job.apply(new RunEvent.Started("cpu"), NOW);
    }
    switch (state) {
      case PAUSING -> job.pause(NOW);
      case CANCELLING -> job.cancel(NOW);
      case SUCCEEDED -> job.apply(ended("succeeded", "completed"), NOW);
      case FAILED -> job.apply(ended("failed", "diverged"), NOW);
      default -> {}
    }
    assertThat(job.state()).isEqualTo(state);
    return job;
  }

  private static Stream<Case> row(Input input, Object... answers) {
    assertThat(answers).hasSameSizeAs(STATES);
    return IntStream.range(0, answers.length)
        .mapToObj(
            i -> {
              JobState from = STATES.get(i);
              JobState next =
                  answers[i] instanceof JobState to ? to : answers[i] == SAME ? from : null;
              return new Case(from, input, next, answers[i] instanceof JobState);
            });
  }

  private static final List<JobState> STATES =
      List.of(QUEUED, STARTING, RUNNING, PAUSING, PAUSED, CANCELLING, CANCELLED, SUCCEEDED, FAILED);
  private static final Object SAME = "already so";
  private static final Object NO = "refused";

  /**
   * Columns: queued, starting, running, pausing, paused, cancelling, cancelled, succeeded, failed.
   */
  static Stream<Case> whatUsersAsk() {
    return Stream.of(
            row(
                Input.CANCEL,
                CANCELLED,
                CANCELLING,
                CANCELLING,
                CANCELLING,
                CANCELLED,
                SAME,
                SAME,
                NO,
                NO),
            row(Input.PAUSE, PAUSED, PAUSING, PAUSING, SAME, SAME, NO, NO, NO, NO),
            row(Input.RESUME, SAME, SAME, SAME, NO, QUEUED, NO, QUEUED, NO, QUEUED),
            row(Input.CHECKPOINT, NO, NO, RUNNING, NO, NO, NO, NO, NO, NO))
        .flatMap(cases -> cases);
  }

  @ParameterizedTest
  @MethodSource("whatUsersAsk")
  void usersAreAnsweredByTheState(Case asked) {
    Job job = in(asked.from());
    job.takeRecorded().events();
    if (asked.next() == null) {
      assertThatThrownBy(() -> asked.input().on(job))
          .isInstanceOfSatisfying(
              Problem.class,
              refused -> {
                assertThat(refused.kind()).isEqualTo(Problem.Kind.CONFLICT);
                assertThat(refused.detail()).startsWith("the job is " + asked.from().word());
              });
      assertThat(job.state()).isEqualTo(asked.from());
      assertThat(job.takeRecorded().events()).isEmpty();
      return;
    }

    assertThat(asked.input().on(job)).isEqualTo(asked.changed());

    assertThat(job.state()).isEqualTo(asked.next());
    assertThat(job.takeRecorded().events()).hasSize(asked.next() == asked.from() ? 0 : 1);
    if (asked.changed()) {
      assertThat(asked.input().on(job)).as("a second time").isFalse();
    }
  }

  static Stream<Case> whatHappensToRuns() {
    List<JobState> held = List.of(STARTING, RUNNING, PAUSING, CANCELLING);
    List<List<Object>> rows =
        List.of(
            List.of(Input.LOST, QUEUED, QUEUED, PAUSED, CANCELLED),
            List.of(Input.HANDED_BACK, QUEUED, QUEUED, PAUSED, CANCELLED),
            List.of(Input.ENDED_SUCCEEDED, SUCCEEDED, SUCCEEDED, SUCCEEDED, CANCELLED),
            List.of(Input.ENDED_FAILED, FAILED, FAILED, FAILED, CANCELLED),
            List.of(Input.ENDED_PAUSED, QUEUED, QUEUED, PAUSED, CANCELLED));
    return rows.stream()
        .flatMap(
            row ->
                held.stream()
                    .map(
                        state -> {
                          JobState next = (JobState) row.get(1 + held.indexOf(state));
                          return new Case(state, (Input) row.get(0), next, true);
                        }));
  }

  @ParameterizedTest
  @MethodSource("whatHappensToRuns")
  void theEndOfARunLeadsOn(Case happened) {
    Job job = in(happened.from());

    happened.input().on(job);

    assertThat(job.state()).isEqualTo(happened.next());
    assertThat(job.runs().phase()).isNull();
  }

  @Test
  void theTableHasEveryState() {
    assertThat(STATES).containsExactlyInAnyOrder(JobState.values());
  }

  @Test
  void aResumedJobGetsAnotherAttemptAndAllItsRetries() {
    Job job = in(RUNNING);
    job.lose(Reason.NATIVE_CRASH, "gone", NOW);
    job.claim(NOW);
    job.lose(Reason.NATIVE_CRASH, "gone", NOW);
    assertThat(job.state()).isEqualTo(FAILED);

    job.resume(NOW);
    assertThat(job.outcome()).isEqualTo(Outcome.OPEN);
    job.claim(NOW);
    job.lose(Reason.NATIVE_CRASH, "gone", NOW);

    assertThat(job.state()).as("the first loss after the resume").isEqualTo(QUEUED);
    assertThat(job.runs().attempt()).isEqualTo(3);
  }

  @Test
  void whatHasUsedUpItsTimeIsNotResumed() {
    Job job = in(RUNNING);
    job.apply(ended("failed", "deadline_exceeded"), NOW);

    assertThatThrownBy(() -> job.resume(NOW)).hasMessageContaining("max_runtime_seconds");
  }

  @Test
  void aPausedJobSaysThatItsUserPausedIt() {
    Job job = in(PAUSING);
    assertThat(job.outcome()).isEqualTo(new Outcome(Reason.USER, null, null));
    job.apply(ended("paused", null), NOW);

    assertThat(job.outcome()).isEqualTo(new Outcome(Reason.USER, null, null));
  }

  private static Checkpoint checkpoint(int epoch, String cause) {
    Checkpoint.Files files = new Checkpoint.Files("s", "m");
    return new Checkpoint(epoch, 0, 1, cause, 1, "0", false, NOW, files);
  }

  @Test
  void aCheckpointIsDueUntilALaterOneThanTheRequestIsThere() {
    Job job = in(RUNNING);
    job.apply(JobTest.epoch(1, 1), NOW);
    assertThat(job.askForCheckpoint()).isTrue();
    assertThat(job.askForCheckpoint()).isFalse();

    job.checkpointed(checkpoint(1, "time"), NOW);
    assertThat(job.runs().checkpointAsked()).as("it was under way already").isEqualTo(1);
    job.checkpointed(checkpoint(1, "request"), NOW);
    assertThat(job.runs().checkpointAsked()).isNull();

    job.askForCheckpoint();
    job.apply(JobTest.epoch(2, 1), NOW);
    job.checkpointed(checkpoint(2, "epoch"), NOW);
    assertThat(job.runs().checkpointAsked()).isNull();
  }

  @Test
  void anEpochThatLeavesOneOutIsRefused() {
    Job job = in(RUNNING);
    job.apply(JobTest.epoch(1, 1), NOW);

    assertThatThrownBy(() -> job.apply(JobTest.epoch(3, 1), NOW))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("epoch 3 does not follow epoch 1");
  }
}
