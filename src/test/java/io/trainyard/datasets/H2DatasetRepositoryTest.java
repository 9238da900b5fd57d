package io.trainyard.datasets;

import io.trainyard.TestDatabases;
import javax.sql.DataSource;

class H2DatasetRepositoryTest extends DatasetRepositoryContract {
  @Override
  DataSource freshDatabase() {
    return TestDatabases.freshH2();
  }
}
