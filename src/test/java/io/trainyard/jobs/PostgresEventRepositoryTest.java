package io.trainyard.jobs;

import io.trainyard.TestDatabases;
import javax.sql.DataSource;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("io.trainyard.TestDatabases#dockerIsThere")
class PostgresEventRepositoryTest extends EventRepositoryContract {
  @Override
  DataSource freshDatabase() {
    return TestDatabases.freshPostgres();
  }
}
