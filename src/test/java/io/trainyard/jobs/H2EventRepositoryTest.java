package io.trainyard.jobs;

import io.trainyard.TestDatabases;
import javax.sql.DataSource;

class H2EventRepositoryTest extends EventRepositoryContract {
  @Override
  DataSource freshDatabase() {
    return TestDatabases.freshH2();
  }
}
