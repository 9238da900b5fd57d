package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process that calculates is killed, hangs or does not start; the server goes on. */
class CalculatorIT {
  private static final String NO_SPARE = "--trainyard.runner.spare=false";
  private static final String SQUARES =
      """
      {"tensors": {"x": {"data": [3, 4], "requires_grad": true}}, "expression": "x.pow(2).sum()"}
      """;

  private static final String MODEL =
      """
      {"gradcheck": true, "input_shape": [2], "layers": [
        {"type": "Custom", "forward": "x * 2", "backward": {"x": "grad_output * 2"}}]}
      """;

  @TempDir Path home;

  private static Api.Answer ask(ServerProcess server) {
    return new Api(server.url()).post("/v1/gradients", SQUARES);
  }

  private static Api.Answer check(ServerProcess server) {
    return new Api(server.url()).post("/v1/models/validate", MODEL);
  }

  private static void works(ServerProcess server) {
    assertThat(ask(server).expect(200).json().at("/gradients/x").toString()).isEqualTo("[6.0,8.0]");
  }

  private static ProcessHandle calculator(ServerProcess server) {
    // One that was killed may be seen for a moment beside the next.
    List<ProcessHandle> only =
        Awaitility.await("one calculator").until(server::runners, all -> all.size() == 1);
    return only.get(0);
  }

  private static void signal(String name, ProcessHandle process)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  @Test
  void itStartsWhenNeededAndAgainAfterACrashAndEndsWithTheServer() throws Exception {
    try (ServerProcess server = ServerProcess.start(home, NO_SPARE)) {
      assertThat(server.runners()).isEmpty();
      works(server);
      ProcessHandle first = calculator(server);
      works(server);
      assertThat(calculator(server)).isEqualTo(first);

      signal("KILL", first);
      works(server);
      ProcessHandle second = calculator(server);
      assertThat(second).isNotEqualTo(first);

      signal("SEGV", second);
      // It may answer while it writes its report.
      second.onExit().get(60, TimeUnit.SECONDS);
      works(server);

      ProcessHandle third = calculator(server);
      server.kill();
      third.onExit().get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void whatTakesTooLongIsEndedAndOthersAreNotKeptWaiting() throws Exception {
    try (ServerProcess server =
        ServerProcess.start(
            home,
            NO_SPARE,
            "--trainyard.calculator.time-limit=5s",
            "--trainyard.calculator.queue=0")) {
      works(server);
      assertOneHangsAndOneIsSentAway(server, CalculatorIT::ask);
      works(server);
      assertOneHangsAndOneIsSentAway(server, CalculatorIT::check);
      works(server);
    }
  }

  private static void assertOneHangsAndOneIsSentAway(
      ServerProcess server, Function<ServerProcess, Api.Answer> request) throws Exception {
    ProcessHandle hanging = calculator(server);
    signal("STOP", hanging);

    List<CompletableFuture<Integer>> asked =
        Stream.generate(() -> CompletableFuture.supplyAsync(() -> request.apply(server).status()))
            .limit(2)
            .toList();

    assertThat(asked.stream().map(CompletableFuture::join))
        .as("one hangs, and there is no place to wait for the other")
        .containsExactlyInAnyOrder(504, 429);
    hanging.onExit().get(30, TimeUnit.SECONDS);
  }

  @Test
  void itEndsWhenItIsNotNeeded() {
    try (ServerProcess server =
        ServerProcess.start(home, NO_SPARE, "--trainyard.calculator.idle=3s")) {
      works(server);
      Awaitility.await("the idle calculator's end").until(() -> server.runners().isEmpty());
      works(server);
    }
  }

  @Test
  void withoutItTheRestOfTheServerWorks() {
    try (ServerProcess server =
        ServerProcess.start(home, NO_SPARE, "--trainyard.calculator.heap=1KB")) {
      Api.Answer answer = ask(server).expect(503);
      assertThat(answer.json().get("code").stringValue()).isEqualTo("unavailable");
      check(server).expect(503);
      new Api(server.url()).get("/v1/models").expect(200);
    }
  }
}
