package io.trainyard.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.runner.protocol.RunReply;
import io.trainyard.shared.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/**
 * Real runners, ended in every way and followed by others, give the job that one runner gives. By
 * hand with more kills: {@code -Dtrainyard.test.kills=100}.
 */
class RunnerResumeIT {
  private static final int KILLS = Integer.getInteger("trainyard.test.kills", 4);
  private static final int KILLS_OF_A_JOB = 4;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String MODEL = "/artifacts/model.safetensors";

  @TempDir Path directory;

  private Path place(String name) throws Exception {
    return Files.createDirectory(directory.resolve(name));
  }

  private static void awaitEpochs(RunServer server, int epochs) {
    Awaitility.await(epochs + " epochs")
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> server.epochs.size() >= epochs);
  }

  private static byte[] model(RunServer server) {
    return Objects.requireNonNull(server.files.get(MODEL));
  }

  /** The server of a job that nothing disturbs, after its end. */
  private RunServer undisturbed(ObjectNode job) throws Exception {
    RunServer server = new RunServer(job);
    try (Runners runner = new Runners(place("through"), server)) {
      assertThat(runner.await()).isEqualTo(RunnerExit.DONE.code());
    }
    return server;
  }

  private static void assertSame(RunServer server, RunServer through) {
    assertThat(server.differences).isEmpty();
    assertThat(server.epochs).isEqualTo(through.epochs);
    assertThat(server.ended()).isEqualTo(through.ended());
    assertThat(model(server)).isEqualTo(model(through));
  }

  @Test
  void killedAnywhereAJobEndsAsIfUndisturbed() throws Exception {
    Random random = new Random();
    int kills = 0;
    int resumed = 0;
    for (int round = 1; kills < KILLS; round++) {
      long seed = random.nextLong();
      ObjectNode job = Runners.job(new Random(seed), 8);
      Path here = Files.createDirectory(directory.resolve("round-" + round));
      try (RunServer through = new RunServer(job);
          RunServer server = new RunServer(job);
          Runners whole = new Runners(Files.createDirectory(here.resolve("a")), through)) {
        awaitEpochs(through, 1);
        long begun = System.nanoTime();
        assertThat(whole.await()).isZero();
        long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
        int killed = 0;
        try (Runners runner = new Runners(Files.createDirectory(here.resolve("b")), server)) {
          while (killed < KILLS_OF_A_JOB) {
            int attempt = killed + 1;
            // Most within the training; some while the process starts or fetches its checkpoint.
            if (random.nextInt(5) > 0) {
              awaitStarts(server, runner, attempt);
            }
            if (!runner.killAfter(random.nextLong(millis / 2 + 1))) {
              break;
            }
            killed++;
            runner.restart(server);
          }
          assertThat(runner.await()).isZero();
        }
        kills += killed;
        resumed += server.events(RunEvent.Resumed.class).size();
        assertSame(server, through);
        System.out.printf(
            "job %d (seed %d): %d kills, %d resumed, %d epochs, model equal%n",
            round, seed, killed, server.events(RunEvent.Resumed.class).size(), 8);
      }
    }
    System.out.printf("%d kills, %d attempts resumed, every job bit for bit%n", kills, resumed);
  }

  /** Counts starts, of which an attempt that was killed early has none. */
  private static void awaitStarts(RunServer server, Runners runner, int attempt) {
    int before = server.events(RunEvent.Started.class).size();
    Awaitility.await("attempt " + attempt + " has started")
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> !runner.isAlive() || server.events(RunEvent.Started.class).size() > before);
  }

  @Test
  void aPauseKeepsWhatWasTrained() throws Exception {
    ObjectNode job = longEpochs();
    try (RunServer through = undisturbed(job);
        RunServer server = new RunServer(job);
        Runners runner = new Runners(place("paused"), server)) {
      Awaitility.await("within an epoch")
          .atMost(LIMIT)
          .until(() -> server.events(RunEvent.Started.class).size() == 1);
      server.answer = s -> RunReply.Command.PAUSE;
      assertThat(runner.await()).isEqualTo(RunnerExit.PAUSED.code());
      assertThat(Objects.requireNonNull(server.ended()).outcome()).isEqualTo("paused");
      RunEvent.CheckpointDone done = server.events(RunEvent.CheckpointDone.class).get(0);
      assertThat(done.cause()).isEqualTo("pause");
      assertThat(done.epoch()).isEqualTo(server.epochs.size());
      assertThat(manifest(server, done.epoch()).get("row").intValue()).isPositive();

      server.answer = s -> RunReply.Command.CONTINUE;
      runner.restart(server);
      assertThat(runner.await()).isZero();
      assertThat(server.events(RunEvent.Resumed.class))
          .containsExactly(new RunEvent.Resumed(done.epoch(), done.row()));
      assertSame(server, through);
    }
  }

  @Test
  void aStopFromOutsideDoesSoToo() throws Exception {
    ObjectNode job = longEpochs();
    try (RunServer through = undisturbed(job);
        RunServer server = new RunServer(job);
        Runners runner = new Runners(place("stopped"), server)) {
      awaitEpochs(server, 1);
      runner.terminate();
      assertThat(runner.await()).isEqualTo(RunnerExit.STOPPED.code());
      assertThat(server.ended()).isNull();
      RunEvent.CheckpointDone done = server.events(RunEvent.CheckpointDone.class).get(0);
      assertThat(done.cause()).isEqualTo("stop");
      assertThat(done.epoch()).isEqualTo(server.epochs.size());

      runner.restart(server);
      assertThat(runner.await()).isZero();
      assertSame(server, through);
    }
  }

  @Test
  void aRequestIsAnsweredOnce() throws Exception {
    ObjectNode job = longEpochs();
    job.put("epochs", 6);
    try (RunServer server = new RunServer(job);
        Runners runner = new Runners(place("asked"), server)) {
      server.answer =
          s ->
              s.events(RunEvent.CheckpointDone.class).isEmpty()
                  ? RunReply.Command.CHECKPOINT
                  : RunReply.Command.CONTINUE;
      assertThat(runner.await()).isZero();
      assertThat(server.events(RunEvent.CheckpointDone.class))
          .singleElement()
          .satisfies(done -> assertThat(done.cause()).isEqualTo("request"))
          .satisfies(
              done -> assertThat(manifest(server, done.epoch()).get("row").intValue()).isZero());
    }
  }

  @Test
  void aDamagedOneIsPassedOver() throws Exception {
    ObjectNode job = Runners.job(new Random(6), 10);
    try (RunServer through = undisturbed(job);
        RunServer server = new RunServer(job);
        Runners runner = new Runners(place("damaged"), server)) {
      Awaitility.await("three checkpoints")
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> server.checkpoints.size() >= 3);
      assertThat(runner.killAfter(1)).isTrue();
      List<Integer> stored = server.checkpoints.stream().map(c -> c.epoch()).toList();
      int last = stored.get(stored.size() - 1);
      int before = stored.get(stored.size() - 2);
      int first = stored.get(stored.size() - 3);
      byte[] state = state(server, last);
      state[state.length - 1] ^= 1;
      server.files.remove("/checkpoints/" + before + "/manifest.json");

      runner.restart(server);
      assertThat(runner.await()).isZero();
      assertThat(server.events(RunEvent.Resumed.class))
          .containsExactly(new RunEvent.Resumed(first, 0));
      assertThat(server.events(RunEvent.Warning.class))
          .extracting(RunEvent.Warning::detail)
          .satisfiesExactly(
              warning ->
                  assertThat(warning)
                      .startsWith(
                          "the checkpoint after epoch " + last + " cannot be used: its state")
                      .endsWith("; the one before is tried"),
              warning ->
                  assertThat(warning)
                      .startsWith("the checkpoint after epoch " + before)
                      .contains("manifest.json cannot be fetched: the server answered 404"));
      assertSame(server, through);
    }
  }

  @Test
  void trainingDoesNotWaitForTheServerToTakeThem() throws Exception {
    ObjectNode job = Runners.job(new Random(7), 6);
    CountDownLatch trained = new CountDownLatch(1);
    try (RunServer through = undisturbed(job);
        RunServer server = new RunServer(job)) {
      server.taking =
          path -> {
            try {
              return trained.await(120, TimeUnit.SECONDS) ? 204 : 500;
            } catch (InterruptedException e) {
              return 500;
            }
          };
      try (Runners runner = new Runners(place("slow"), server)) {
        awaitEpochs(server, 6);
        assertThat(server.checkpoints).isEmpty();
        // The model comes after all training: the last checkpoint waits by now.
        Awaitility.await().until(() -> server.files.containsKey(MODEL));
        trained.countDown();
        assertThat(runner.await()).isZero();
        assertThat(server.checkpoints).extracting(c -> c.epoch()).hasSize(2).endsWith(6);
        assertSame(server, through);
      }
    }
  }

  @Test
  void aServerThatTakesNoneIsAWarning() throws Exception {
    ObjectNode job = Runners.job(new Random(8), 4);
    try (RunServer server = new RunServer(job)) {
      server.taking = path -> 413;
      try (Runners runner = new Runners(place("refused"), server)) {
        assertThat(runner.await()).isZero();
        assertThat(server.epochs).hasSize(4);
        assertThat(server.events(RunEvent.Warning.class))
            .extracting(RunEvent.Warning::detail)
            .singleElement()
            .asString()
            .endsWith("could not be stored: the server answered 413; training goes on");
      }
    }
  }

  /** Of a second and more, without checkpoints of their own. */
  private static ObjectNode longEpochs() {
    ObjectNode job = Runners.job(new Random(9), 3);
    job.withObject("/dataset").put("samples", 60_010);
    job.remove("checkpoint");
    return job;
  }

  private static byte[] state(RunServer server, int epoch) {
    return Objects.requireNonNull(
        server.files.get("/checkpoints/" + epoch + "/" + CheckpointFiles.STATE));
  }

  private static ObjectNode manifest(RunServer server, int epoch) {
    return (ObjectNode)
        Json.read(
            Objects.requireNonNull(
                server.files.get("/checkpoints/" + epoch + "/" + CheckpointFiles.MANIFEST)));
  }
}
