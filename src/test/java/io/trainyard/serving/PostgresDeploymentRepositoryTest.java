package io.trainyard.serving;

import io.trainyard.TestDatabases;
import javax.sql.DataSource;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("io.trainyard.TestDatabases#dockerIsThere")
class PostgresDeploymentRepositoryTest extends DeploymentRepositoryContract {
  @Override
  DataSource freshDatabase() {
    return TestDatabases.freshPostgres();
  }
}
