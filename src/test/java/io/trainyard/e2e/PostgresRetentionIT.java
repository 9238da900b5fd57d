package io.trainyard.e2e;

import org.junit.jupiter.api.condition.EnabledIf;
import org.springframework.test.context.ContextConfiguration;

@EnabledIf("io.trainyard.TestDatabases#dockerIsThere")
@ContextConfiguration(initializers = LifeCycleService.OnPostgres.class)
class PostgresRetentionIT extends RetentionContract {
  PostgresRetentionIT(Parts parts) {
    super(parts);
  }
}
