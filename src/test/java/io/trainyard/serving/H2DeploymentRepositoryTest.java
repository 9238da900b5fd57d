package io.trainyard.serving;

import io.trainyard.TestDatabases;
import javax.sql.DataSource;

class H2DeploymentRepositoryTest extends DeploymentRepositoryContract {
  @Override
  DataSource freshDatabase() {
    return TestDatabases.freshH2();
  }
}
