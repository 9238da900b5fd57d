package io.trainyard.jobs;

import io.trainyard.CountingDataSource;
import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.runner.protocol.RunReport;
import io.trainyard.shared.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import tools.jackson.databind.JsonNode;

/** The service over a real Tomcat, whose runner is the test and whose queries are counted. */
@TestConfiguration(proxyBeanMethods = false)
class CountedService {
  @Bean
  static BeanPostProcessor counting() {
    return new BeanPostProcessor() {
      @Override
      public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource database ? new CountingDataSource(database) : bean;
      }
    };
  }

  @Bean
  @Lazy
  Client client(@Value("${local.server.port}") int port, JobRuns runs) {
    return new Client(URI.create("http://127.0.0.1:" + port), runs);
  }

  /** A user, and a runner. */
  record Client(URI url, JobRuns runs) {
    static final HttpClient HTTP =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final String JOB =
        """
        {"model": {"layers": [{"type": "Linear", "in_features": 2, "out_features": 1}]},
         "dataset": {"type": "synthetic", "seed": 1, "samples": 8, "input_shape": [2], "target_shape": [1]},
         "loss": {"type": "MSELoss"}, "optimizer": {"type": "SGD", "lr": 0.01},
         "epochs": 100000, "seed": 3, "tags": {"team": "%s"}}
        """;

    String submit(String team) throws IOException, InterruptedException {
      HttpResponse<String> answer =
          HTTP.send(
              HttpRequest.newBuilder(url.resolve("/v1/jobs"))
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString(JOB.formatted(team)))
                  .build(),
              BodyHandlers.ofString());
      return Json.MAPPER.readTree(answer.body()).get("id").stringValue();
    }

    JsonNode get(String path) throws IOException, InterruptedException {
      return Json.MAPPER.readTree(
          HTTP.send(HttpRequest.newBuilder(url.resolve(path)).build(), BodyHandlers.ofString())
              .body());
    }

    /** Takes the next job as a runner and says that it has begun. */
    JobRuns.Claim begin() {
      JobRuns.Claim claim = runs.claim("test", Duration.ofMinutes(10)).orElseThrow();
      report(claim, 1, new RunEvent.Started("cpu"));
      return claim;
    }

    /** Reports {@code count} epochs after the one given; the batch is the last epoch. */
    void epochs(JobRuns.Claim claim, int after, int count) {
      report(
          claim,
          after + count + 1,
          IntStream.rangeClosed(after + 1, after + count)
              .mapToObj(epoch -> JobTest.epoch(epoch, 1.0 / epoch))
              .toArray(RunEvent[]::new));
    }

    void end(JobRuns.Claim claim) {
      report(claim, Integer.MAX_VALUE, new RunEvent.Ended("succeeded", "completed", null, null));
    }

    private void report(JobRuns.Claim claim, long batch, RunEvent... events) {
      runs.report(claim.id(), claim.token(), new RunReport(batch, 1, List.of(events)));
    }
  }
}
