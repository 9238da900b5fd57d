package io.trainyard.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.runner.protocol.RunReply.Command;
import io.trainyard.shared.Page;
import io.trainyard.shared.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The queue, leases and reports on every database, in their real transactions. */
abstract class JobRunsContract extends StoredJobs {
  @Test
  void jobsAreListedByOwner() {
    String mine = queued(0);

    assertThat(listing.ids(new JobFilter(null, Map.of(), null), "local", 10)).contains(mine);
    assertThat(listing.ids(new JobFilter(JobState.QUEUED, Map.of("k", "v"), null), "local", 10))
        .contains(mine);
    assertThat(listing.ids(new JobFilter(null, Map.of(), null), "other", 10)).isEmpty();
    assertThat(listing.ids(new JobFilter(JobState.QUEUED, Map.of("k", "v"), null), "other", 10))
        .isEmpty();
  }

  @Test
  void jobsAreClaimedByPriorityThenAge() {
    String old = queued(0);
    String high = queued(3);
    String young = queued(0);
    assertThat(List.of(queue.ahead(job(old)), queue.ahead(job(high)), queue.ahead(job(young))))
        .containsExactly(1, 0, 2);

    assertThat(List.of(claim().id().job(), claim().id().job(), claim().id().job()))
        .containsExactly(high, old, young);
    assertThat(runs.claim("me", LEASE)).isEmpty();
  }

  @Test
  void theOrderOfTheQueueFollowsItsJobs() {
    String old = queued(0);
    String young = queued(0);
    assertThat(queue.size()).isEqualTo(2);
    claim();
    assertThat(List.of(queue.size(), queue.ahead(job(young)))).containsExactly(1, 0);
    JobRuns.Claim last = claim();
    assertThat(queue.size()).isZero();
    runs.handBack(last.id());

    assertThat(queue.size()).isEqualTo(1);
    assertThat(jobs.waiting()).as("as in the database").hasSize(1);
    assertThat(queue.ahead(job(old))).isZero();
  }

  @Test
  void serversThatRaceClaimEachJobOnce() throws InterruptedException {
    for (int i = 0; i < 60; i++) {
      queued(0);
    }
    ConcurrentLinkedQueue<String> claimed = new ConcurrentLinkedQueue<>();
    List<Thread> servers = new ArrayList<>();
    for (int s = 0; s < 4; s++) {
      String owner = "server-" + s;
      Thread server =
          new Thread(
              () -> {
                for (var c = runs.claim(owner, LEASE);
                    c.isPresent();
                    c = runs.claim(owner, LEASE)) {
                  claimed.add(c.get().id().job());
                }
              });
      server.start();
      servers.add(server);
    }
    for (Thread server : servers) {
      server.join();
    }

    // A server that finds all waiting rows locked goes away empty and comes back a second later.
    while (runs.claim("late", LEASE).map(c -> claimed.add(c.id().job())).orElse(false)) {
      assertThat(claimed).hasSizeLessThanOrEqualTo(60);
    }
    assertThat(claimed).hasSize(60).doesNotHaveDuplicates();
  }

  @Test
  void aReportIsAppliedOnce() {
    String id = queued(0);
    JobRuns.Claim claim = claim();
    report(claim, 1, new RunEvent.Started("cpu"));
    report(claim, 2, JobTest.epoch(1, 0.5), JobTest.epoch(2, 0.25));
    report(claim, 2, JobTest.epoch(1, 0.5), JobTest.epoch(2, 0.25));

    assertThat(job(id).progress().epoch()).isEqualTo(2);
    assertThat(events.after(id, 0, 100))
        .extracting(JobEvent::sequence)
        .containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(events.epochsAfter(id, 1, 100)).extracting(JobEvent::epoch).containsExactly(2);
    assertThat(events.epochsAfter(id, 0, 1).get(0).data().get("train_loss").doubleValue())
        .isEqualTo(0.5);
  }

  @Test
  void anAnswerThatWasLostIsGivenAgainAfterTheEnd() {
    String id = queued(0);
    JobRuns.Claim claim = claim();
    RunEvent end = new RunEvent.Ended("succeeded", "completed", null, 3);
    report(claim, 1, new RunEvent.Started("cpu"), end);

    assertThat(report(claim, 1, new RunEvent.Started("cpu"), end)).isEqualTo(Command.CONTINUE);
    assertThat(report(claim, 2, JobTest.epoch(1, 1))).isEqualTo(Command.FENCED);
    assertThat(job(id).state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(job(id).progress().bestEpoch()).isEqualTo(3);
  }

  @Test
  void aFormerAttemptIsFenced() {
    String id = queued(0);
    JobRuns.Claim first = claim();
    runs.exited(first.id(), 137, Reason.NATIVE_CRASH, "gone");
    assertThat(job(id).state()).isEqualTo(JobState.QUEUED);
    JobRuns.Claim second = claim();

    assertThat(second.id().attempt()).isEqualTo(2);
    assertThat(report(first, 1, JobTest.epoch(1, 1))).isEqualTo(Command.FENCED);
    assertThat(report(second, 1, JobTest.epoch(1, 2))).isEqualTo(Command.CONTINUE);
    runs.exited(first.id(), 137, Reason.NATIVE_CRASH, "gone again");
    assertThat(job(id).state()).isEqualTo(JobState.STARTING);
    assertThat(job(id).progress().trainLoss()).isEqualTo(2);
  }

  @Test
  void aWrongTokenIsRefused() {
    queued(0);
    JobRuns.Claim claim = claim();
    assertThatThrownBy(() -> runs.authenticate(claim.id(), "0".repeat(64)))
        .isInstanceOf(Problem.class);
    assertThatThrownBy(() -> runs.authenticate(claim.id(), null)).isInstanceOf(Problem.class);
    runs.authenticate(claim.id(), claim.token());
  }

  @Test
  void aCancelReachesTheRunnerInTheNextReply() {
    String id = queued(0);
    JobRuns.Claim claim = claim();
    Job job = job(id);
    job.cancel(Instant.now());
    context.getBean(JobStore.class).save(job, null);

    assertThat(report(claim, 0)).isEqualTo(Command.CANCEL);
  }

  @Test
  void anExpiredLeaseIsFoundAndARenewedOneIsNot() {
    queued(0);
    queued(0);
    JobRuns.Claim lost = runs.claim("dead", Duration.ofSeconds(-1)).orElseThrow();
    JobRuns.Claim kept = runs.claim("me", LEASE).orElseThrow();
    runs.renewLeases("me", List.of(kept.id()), LEASE);
    runs.renewLeases("dead", List.of(lost.id()), LEASE);
    assertThat(runs.expired()).as("a lease that ran out is not renewed").containsExactly(lost.id());
    assertThat(runs.heldBy("me")).containsExactly(kept.id());
    runs.expire(kept.id());
    runs.expire(lost.id());
    assertThat(jobs.waiting()).extracting(QueueOrder.Place::id).containsExactly(lost.id().job());
    runs.handBack(kept.id());
    assertThat(runs.heldBy("me")).isEmpty();
    assertThat(jobs.waiting()).hasSize(2);
  }

  @Test
  void jobsAreListedNewestFirstByStateAndTag() {
    String a = queued(0);
    String b = queued(0);
    claim();

    assertThat(list(null, Map.of("k", "v"), null)).containsExactly(b, a);
    assertThat(list(JobState.QUEUED, Map.of(), null)).containsExactly(b);
    assertThat(list(null, Map.of(), b)).containsExactly(a);
    assertThat(list(null, Map.of("k", "w"), null)).isEmpty();
    assertThat(list(JobState.STARTING, Map.of("k", "v"), b)).containsExactly(a);
    assertThat(list(JobState.QUEUED, Map.of("k", "v"), b)).isEmpty();
    assertThat(list(null, Map.of("k", "v", "l", "v"), null)).isEmpty();
    assertThat(jobs.findAll(List.of(a, "gone", b))).extracting(Job::id).containsExactly(b, a);
    assertThat(jobs.countByState()).isEqualTo(Map.of(JobState.QUEUED, 1L, JobState.STARTING, 1L));
  }

  private List<String> named(String text, @Nullable JobState state, Map<String, String> tags) {
    return listing.named(new JobFilter(state, tags, null), null, text, 10).data();
  }

  @Test
  void jobsAreFoundByAPartOfTheirName() {
    String a = queued(0, "Iris-mlp");
    String b = queued(0, "iris_cnn");
    String c = queued(0, "digits");
    claim();

    assertThat(named("iris", null, Map.of())).containsExactly(b, a);
    assertThat(named("IRIS_", null, Map.of())).as("no wildcard").containsExactly(b);
    assertThat(named("%", null, Map.of())).isEmpty();
    assertThat(named("!", null, Map.of())).isEmpty();
    assertThat(named("igit", null, Map.of())).containsExactly(c);
    assertThat(named("iris", JobState.QUEUED, Map.of())).containsExactly(b);
    assertThat(named("iris", null, Map.of("k", "v"))).containsExactly(b, a);
    assertThat(named("iris", null, Map.of("k", "w"))).isEmpty();
    assertThat(listing.named(new JobFilter(null, Map.of(), null), null, "i", 2))
        .isEqualTo(new Page<>(List.of(c, b), true, b));
    assertThat(listing.named(new JobFilter(null, Map.of(), b), null, "i", 2))
        .isEqualTo(new Page<>(List.of(a), false, null));
  }

  @Test
  void aDeletedJobTakesItsRowsAlong() {
    String id = queued(0);
    claim();
    jobs.delete(id);

    assertThat(jobs.find(id)).isEmpty();
    assertThat(events.after(id, 0, 10)).isEmpty();
    assertThat(jobs.log(id)).isEmpty();
  }
}
