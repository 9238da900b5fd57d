package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Digests;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Who gets in, what each may do, and what each sees. */
class AccessIT extends AccessFixture {
  private static final List<String> ROLES = List.of("viewer", "submitter", "admin");

  @Test
  void everyRouteAsksForTheRoleThatTheContractSays() {
    for (String operation : Contract.INSTANCE.operations()) {
      String asked = Contract.INSTANCE.asks(operation);
      String path = path(operation, "job_none", "mdl_none", "ds_none");
      Api.Answer unknown = call(nobody, operation, path);
      switch (asked) {
        case "open" -> assertThat(unknown.status()).as(operation).isLessThan(400);
        case "runner" ->
            assertThat(call(root, operation, path(operation, job, model, dataset)).status())
                .as(operation)
                .isIn(401, 415);
        default -> {
          assertThat(unknown.status()).as(operation).isEqualTo(401);
          assertThat(unknown.header("WWW-Authenticate")).isEqualTo("Bearer");
          assertThat(unknown.json().get("code").stringValue()).isEqualTo("unauthorized");
          for (String role : ROLES) {
            Api.Answer answer = call(as(role, "nobody-else"), operation, path);
            if (ROLES.indexOf(role) < ROLES.indexOf(asked)) {
              assertThat(answer.status()).as(operation + " as " + role).isEqualTo(403);
              assertThat(answer.json().get("code").stringValue()).isEqualTo("forbidden");
            } else {
              assertThat(answer.status()).as(operation + " as " + role).isNotIn(401, 403);
            }
          }
        }
      }
    }
  }

  @Test
  void whatIsAnothersIsAsIfItWereNotThere() {
    for (String operation : Contract.INSTANCE.operations()) {
      if (!operation.contains(" /v1/") || !operation.contains("{id}")) {
        continue;
      }
      String absent = path(operation, "job_none", "mdl_none", "ds_none");
      Api.Answer expected = call(bob, operation, absent).expect(404);
      Api.Answer answer = call(bob, operation, path(operation, job, model, dataset));

      assertThat(answer.status()).as(operation).isEqualTo(404);
      assertThat(anonymized(answer.body())).as(operation).isEqualTo(anonymized(expected.body()));
    }
    for (String list : List.of("/v1/jobs", "/v1/models", "/v1/datasets")) {
      assertThat(alice.get(list).expect(200).json().get("data")).as(list).isNotEmpty();
      assertThat(as("viewer", "stranger").get(list).expect(200).json().get("data")).isEmpty();
    }
    assertThat(as("viewer", "stranger").get("/v1/jobs?state=succeeded").json().get("data"))
        .isEmpty();
    assertThat(watcher.get("/v1/jobs?state=succeeded").json().get("data")).isNotEmpty();
    assertThat(alice.job(job).get("owner").stringValue()).isEqualTo("alice");
  }

  private static String anonymized(String body) {
    return body.replaceAll("(?<=_id\":\")[0-9a-f]{32}", "Y")
        .replace(job, "X")
        .replace(model, "X")
        .replace(dataset, "X")
        .replaceAll("(job|mdl|ds)_none", "X");
  }

  @Test
  void namesAreEachOwnersOwn() {
    Api carol = as("submitter", "carol");
    carol.get("/v1/datasets/iris").expect(404);
    carol.get("/v1/models/iris-mlp").expect(404);
    carol.get("/v1/models/iris-mlp@1").expect(404);
    for (String reference : List.of("iris", dataset)) {
      Api.Answer refused =
          carol.post(
              "/v1/jobs", Api.example("iris-job.json").replace("\"iris\"", quoted(reference)));
      assertThat(refused.expect(422).pointers()).contains("/dataset", "/model");
    }

    String own =
        id(carol.upload(Api.example("iris-dataset.json"), Api.exampleFile("iris.csv")).expect(201));
    Api.Answer stored = carol.post("/v1/models", Api.example("iris-model.json")).expect(201);
    assertThat(stored.json().get("version").intValue()).isEqualTo(1);
    Api.Answer mine =
        carol.post("/v1/jobs", Api.example("iris-job.json"), "Idempotency-Key", "the same");
    Api.Answer hers =
        alice.post("/v1/jobs", Api.example("iris-job.json"), "Idempotency-Key", "the same");
    assertThat(id(mine.expect(202))).isNotEqualTo(id(hers.expect(202)));
    carol.ended(id(mine));
    alice.ended(id(hers));
    carol.delete("/v1/datasets/" + own).expect(204);
    alice.get("/v1/datasets/iris").expect(200);
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  @Test
  void anAdminSeesAllAndSubmitsAsItself() {
    assertThat(root.job(job).get("owner").stringValue()).isEqualTo("alice");
    assertThat(root.get("/v1/jobs").json().get("data")).isNotEmpty();
    root.get("/v1/datasets/iris").expect(404);
    root.get("/v1/datasets/" + dataset).expect(200);

    Api.Answer rerun = root.post("/v1/jobs/" + job + "/rerun").expect(202);
    assertThat(rerun.json().get("owner").stringValue()).isEqualTo("root");
    alice.get("/v1/jobs/" + id(rerun)).expect(404);
    assertThat(root.ended(id(rerun)).get("state").stringValue()).isEqualTo("succeeded");
    root.get("/v1/jobs/" + id(rerun) + "/script.py").expect(200);
  }

  @Test
  void aTokenIsOfItsSubjectWithTheHighestOfItsRoles() {
    Map<String, Object> claims = Map.of("sub", "dora", "roles", List.of("viewer", "submitter"));
    String submitted = nobody.with(ISSUER.token(claims)).submit(Api.shortJob("t"));
    JsonNode ended = nobody.with(ISSUER.token(claims)).ended(submitted);
    assertThat(ended.get("owner").stringValue()).isEqualTo("dora");

    nobody.with(ISSUER.token(Map.of("sub", "dora", "roles", "viewer"))).job(submitted);
    for (Map<String, Object> none :
        List.<Map<String, Object>>of(
            Map.of("sub", "dora"),
            Map.of("sub", "dora", "roles", List.of("owner")),
            Map.of("roles", List.of("admin")),
            Map.of("sub", "a b", "roles", List.of("admin")))) {
      nobody.with(ISSUER.token(none)).get("/v1/jobs").expect(403);
    }
  }

  @Test
  void aTokenThatIsNotTheIssuersIsNone() {
    Map<String, Object> admin = Map.of("sub", "eve", "roles", List.of("admin"));
    Map<String, Object> old =
        Map.of("sub", "eve", "roles", "admin", "exp", Instant.now().getEpochSecond() - 3600);
    Map<String, Object> foreign = Map.of("sub", "eve", "roles", "admin", "iss", "http://other");
    Map<String, Object> elsewhere = Map.of("sub", "eve", "roles", "admin", "aud", "other");
    for (String token :
        List.of(
            ISSUER.token(admin, Issuer.newKeys()),
            ISSUER.unsigned(admin),
            ISSUER.token(old),
            ISSUER.token(foreign),
            ISSUER.token(elsewhere),
            ALICE + "0",
            Digests.sha256(ALICE))) {
      Api.Answer answer = nobody.with(token).get("/v1/jobs").expect(401);
      assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer error=\"invalid_token\"");
    }
  }

  @Test
  void aDryRunAsksForLessThanAJob() {
    watcher.post("/v1/jobs?dry_run=true", Api.example("iris-job.json")).expect(200);
    for (String query : List.of("", "?dry_run=false", "?dry_run=true&dry_run=false")) {
      watcher.post("/v1/jobs" + query, Api.example("iris-job.json")).expect(403);
    }
  }

  @Test
  void anOwnersJobsThatWaitAreLimited() {
    Api frank = as("submitter", "frank");
    String first = frank.submit(Api.longJob("first"));
    frank.awaitJob(first, j -> j.get("epoch").intValue() > 0);
    String second = frank.submit(Api.longJob("second"));
    String third = frank.submit(Api.longJob("third"));

    Api.Answer refused = frank.post("/v1/jobs", Api.longJob("fourth")).expect(429);
    assertThat(refused.header("Retry-After")).isEqualTo("10");
    assertThat(refused.json().get("detail").stringValue()).contains("max-per-owner");
    String other = as("submitter", "grace").submit(Api.shortJob("other"));
    for (String submitted : List.of(second, third, first)) {
      frank.post("/v1/jobs/" + submitted + "/cancel").expect(202);
    }
    as("viewer", "grace").ended(other);
  }

  @Test
  void managementAndThePage() throws Exception {
    nobody.get("/actuator/health").expect(200);
    nobody.get("/actuator/health/readiness").expect(200);
    nobody.get("/actuator/prometheus").expect(401);
    watcher.get("/actuator/prometheus").expect(403);
    nobody.get("/actuator").expect(401);
    watcher.get("/actuator").expect(403);
    nobody.get("/").expect(200);
    nobody.get("/app/main.js").expect(200);
    nobody.get("/unknown").expect(401);
    assertThat(raw(to("/v1/jobs").method("OPTIONS", BodyPublishers.noBody())).statusCode())
        .isEqualTo(401);
  }

  @Test
  void browsersAreToldToBeStrict() {
    Api.Answer page = nobody.get("/", "Origin", "http://other.example");
    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(page.header("X-Frame-Options")).isEqualTo("DENY");
    assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(page.header("Access-Control-Allow-Origin")).isEmpty();
    assertThat(page.header("Set-Cookie")).isEmpty();
    Api.Answer answer = alice.get("/v1/jobs", "Origin", "http://other.example").expect(200);
    assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
    assertThat(answer.header("Cache-Control")).contains("no-store");
  }

  @Test
  void whatTheFirewallRefusesIsAProblem() throws Exception {
    HttpResponse<String> refused = raw(to("/v1/jobs/a;b"));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
  }

  private static HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(nobody.url() + path));
  }

  @Test
  void keysAndTokensAreNotLogged() {
    String token = ISSUER.token(Map.of("sub", "hank", "roles", "viewer"));
    nobody.with(token).get("/v1/jobs").expect(200);
    nobody.with(ALICE + "x").get("/v1/jobs").expect(401);

    String log = server.log();
    assertThat(log).contains("GET", "/internal/runs/" + job + "-1");
    assertThat(log).doesNotContain(ALICE).doesNotContain(ROOT).doesNotContain(token);
    assertThat(log).doesNotContain(token.substring(token.lastIndexOf('.') + 1));
    // As a runner's token is; longer ones are bodies.
    Pattern secret = Pattern.compile("\\b[0-9a-f]{64}\\b");
    assertThat(log.lines().filter(line -> !line.contains("sha256")))
        .noneMatch(line -> secret.matcher(line).find());
  }
}
