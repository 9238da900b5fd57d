package io.trainyard.datasets;

import io.trainyard.TestDatabases;
import javax.sql.DataSource;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("io.trainyard.TestDatabases#dockerIsThere")
class PostgresDatasetRepositoryTest extends DatasetRepositoryContract {
  @Override
  DataSource freshDatabase() {
    return TestDatabases.freshPostgres();
  }
}
