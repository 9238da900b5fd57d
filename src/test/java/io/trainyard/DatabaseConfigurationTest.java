package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Which database a server uses. */
class DatabaseConfigurationTest {
  private final ApplicationContextRunner context =
      new ApplicationContextRunner()
          .withUserConfiguration(DatabaseConfiguration.class)
          .withPropertyValues(
              "trainyard.home=target/home",
              "trainyard.database.url=",
              "trainyard.database.username=",
              "trainyard.database.password=");

  @Test
  void theEmbeddedOneIfNoneIsNamed() {
    context.run(
        started ->
            assertThat(started.getBean(JdbcConnectionDetails.class).getJdbcUrl())
                .startsWith("jdbc:h2:file:"));
    context
        .withPropertyValues("spring.datasource.url=")
        .run(started -> assertThat(started).hasSingleBean(JdbcConnectionDetails.class));
  }

  @Test
  void theOneThatSpringsPropertyNames() {
    context
        .withPropertyValues("spring.datasource.url=jdbc:postgresql://somewhere/trainyard")
        .run(started -> assertThat(started).doesNotHaveBean(JdbcConnectionDetails.class));
  }
}
