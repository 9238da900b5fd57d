package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.jobs.JobRuns;
import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.runner.protocol.RunReport;
import io.trainyard.shared.Digests;
import io.trainyard.shared.Json;
import io.trainyard.training.Epoch;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A runner as its server sees it, which does what the test says and trains nothing. */
final class HandDrivenRunner {
  private static final Duration LEASE = Duration.ofMinutes(10);

  private final Api api;
  private final JobRuns.Claim claim;
  private long batch;

  private HandDrivenRunner(Api api, JobRuns.Claim claim) {
    this.api = api;
    this.claim = claim;
  }

  /** Takes the job, which must be the next in the queue. */
  static HandDrivenRunner claim(Api api, JobRuns runs, String job) {
    JobRuns.Claim claim = runs.claim("test", LEASE).orElseThrow();
    assertThat(claim.id().job()).isEqualTo(job);
    return new HandDrivenRunner(api, claim);
  }

  JobRuns.Claim claim() {
    return claim;
  }

  String path() {
    return "/internal/runs/" + claim.id();
  }

  String bearer() {
    return "Bearer " + claim.token();
  }

  Api.Answer get(String below) {
    return api.get(path() + below, "Authorization", bearer());
  }

  JsonNode order() {
    return get("").expect(200).json();
  }

  Api.Answer report(RunEvent... events) {
    long number = events.length == 0 ? 0 : ++batch;
    RunReport report = new RunReport(number, 1, List.of(events));
    return api.post(path() + "/events", Json.write(report), "Authorization", bearer());
  }

  /** Reports, and gives the command of the answer. */
  String tell(RunEvent... events) {
    return report(events).expect(200).json().get("command").stringValue();
  }

  HandDrivenRunner begin() {
    tell(new RunEvent.Phase("loading_data"), new RunEvent.Started("cpu"));
    return this;
  }

  void epochs(int from, int to) {
    for (int epoch = from; epoch <= to; epoch++) {
      Epoch row = new Epoch(epoch, 1.0 / epoch, null, 0.1, 1, 10, Map.of());
      tell(new RunEvent.EpochDone(row, Instant.now()));
    }
  }

  void end(String outcome, @Nullable String reason) {
    tell(new RunEvent.Ended(outcome, reason, null, null));
  }

  Api.Answer put(String epoch, String file, byte[] content) {
    return api.send(
        "PUT",
        path() + "/checkpoints/" + epoch + "/" + file,
        BodyPublishers.ofByteArray(content),
        "Authorization",
        bearer(),
        "Content-Type",
        "application/octet-stream");
  }

  /** What this runner writes for the state after an epoch. */
  static byte[] state(int epoch) {
    return ("the state after epoch " + epoch).getBytes(StandardCharsets.UTF_8);
  }

  byte[] manifest(int epoch) {
    return manifest(epoch, 0);
  }

  private byte[] manifest(int epoch, int row) {
    ObjectNode manifest = Json.object().put("format", 1).put("job", claim.id().job());
    manifest.put("attempt", claim.id().attempt()).put("epoch", epoch).put("row", row);
    ObjectNode state = manifest.putObject("state");
    state.put("sha256", Digests.sha256(state(epoch))).put("bytes", state(epoch).length);
    return Json.write(manifest).getBytes(StandardCharsets.UTF_8);
  }

  RunEvent.CheckpointDone done(int epoch, String cause, boolean best) {
    return done(epoch, 0, cause, best);
  }

  private RunEvent.CheckpointDone done(int epoch, int row, String cause, boolean best) {
    byte[] manifest = manifest(epoch, row);
    long bytes = (long) manifest.length + state(epoch).length;
    return new RunEvent.CheckpointDone(epoch, row, bytes, Digests.sha256(manifest), cause, best);
  }

  /** Uploads both files and reports the checkpoint. */
  String checkpoint(int epoch, String cause, boolean best) {
    return store(epoch, 0, cause, best);
  }

  /** The same of the state within the epoch after it. */
  String checkpointWithin(int epoch, int row, String cause) {
    return store(epoch, row, cause, false);
  }

  private String store(int epoch, int row, String cause, boolean best) {
    put(Integer.toString(epoch), "state.safetensors", state(epoch)).expect(204);
    put(Integer.toString(epoch), "manifest.json", manifest(epoch, row)).expect(204);
    return tell(done(epoch, row, cause, best));
  }
}
