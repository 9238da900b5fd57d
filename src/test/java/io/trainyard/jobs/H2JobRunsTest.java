package io.trainyard.jobs;

import io.trainyard.TestDatabases;
import javax.sql.DataSource;

class H2JobRunsTest extends JobRunsContract {
  @Override
  DataSource freshDatabase() {
    return TestDatabases.freshH2();
  }
}
