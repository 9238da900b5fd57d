package io.trainyard.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.CountingDataSource;
import io.trainyard.TrainyardApplication;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestConstructor;

/** What a request costs does not grow with the rows that are there. */
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
@SpringBootTest(
    classes = {TrainyardApplication.class, CountedService.class},
    properties = "trainyard.runner.slots=0",
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class QueryCountTest {
  @TempDir private static Path home;

  private final CountingDataSource database;
  private final CountedService.Client client;

  QueryCountTest(
      @Qualifier("dataSource") CountingDataSource database, CountedService.Client client) {
    this.database = database;
    this.client = client;
  }

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("trainyard.home", home::toString);
  }

  private List<String> statementsOf(String path) throws Exception {
    database.reset();
    client.get(path);
    // The queue is read at most once a second, whoever asks; the dispatcher asks for leases.
    return database.statements().stream()
        .filter(sql -> !sql.contains("lease") && !sql.startsWith("select priority"))
        .toList();
  }

  @Test
  void aPageTakesTheSameQueriesHoweverManyJobsItShows() throws Exception {
    client.submit("page");
    List<List<String>> few =
        List.of(
            statementsOf("/v1/jobs?limit=200"),
            statementsOf("/v1/jobs?limit=200&state=queued"),
            statementsOf("/v1/jobs?limit=200&tag.team=page"));
    for (int i = 0; i < 60; i++) {
      client.submit("page");
    }

    assertThat(client.get("/v1/jobs?limit=200&tag.team=page").get("data")).hasSize(61);
    assertThat(
            List.of(
                statementsOf("/v1/jobs?limit=200"),
                statementsOf("/v1/jobs?limit=200&state=queued"),
                statementsOf("/v1/jobs?limit=200&tag.team=page")))
        .extracting(List::size)
        .containsExactlyElementsOf(few.stream().map(List::size).toList())
        .containsOnly(2);
  }

  @Test
  void aReportIsOneTransactionHoweverManyEpochsItHas() throws Exception {
    client.submit("report");
    JobRuns.Claim claim = client.begin();
    database.reset();
    client.epochs(claim, 0, 1);
    int one = database.statements().size();
    int commits = database.commits();
    database.reset();
    client.epochs(claim, 1, 500);

    assertThat(database.statements()).hasSize(one);
    assertThat(database.commits()).isEqualTo(commits).isEqualTo(1);
    String id = claim.id().job();
    assertThat(client.get("/v1/jobs/" + id).get("epoch").intValue()).isEqualTo(501);
    client.end(claim);
  }
}
