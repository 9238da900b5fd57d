package io.trainyard.jobs;

import io.trainyard.artifacts.ArtifactStore;
import io.trainyard.artifacts.TestArtifacts;
import io.trainyard.shared.Ids;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** What stores jobs and their runs, without the rest of the service. */
@TestConfiguration(proxyBeanMethods = false)
@EnableTransactionManagement
@Import({
  JobRuns.class,
  JobStore.class,
  JobRepository.class,
  JobListing.class,
  QueueOrder.class,
  EventRepository.class,
  AttemptRepository.class,
  Checkpoints.class,
  CheckpointRepository.class,
  CheckpointFiles.class
})
class JobsOnADatabase {
  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  ArtifactStore artifactStore(@Value("${trainyard.home}") Path home) throws IOException {
    return TestArtifacts.in(home);
  }

  @Bean
  Ids ids(Clock clock) {
    return new Ids(clock);
  }

  @Bean
  JdbcTemplate jdbcTemplate(DataSource database) {
    return new JdbcTemplate(database);
  }

  @Bean
  JdbcClient jdbcClient(JdbcTemplate template) {
    return JdbcClient.create(template);
  }

  @Bean
  JdbcTransactionManager transactionManager(DataSource database) {
    return new JdbcTransactionManager(database);
  }
}
