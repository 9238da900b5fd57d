package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** During an upgrade an older server may start on a database that a newer one has migrated. */
class NewerSchemaTest {

  @Test
  void aLaterMigrationIsNoReasonNotToStart() {
    DataSource database = TestDatabases.freshH2();
    JdbcClient.create(database)
        .sql(
            """
            insert into "flyway_schema_history"
              ("installed_rank", "version", "description", "type", "script", "checksum",
               "installed_by", "execution_time", "success")
            values (9999, '9999', 'of a later release', 'SQL', 'V9999__of_a_later_release.sql', 1,
               'sa', 1, true)
            """)
        .update();

    MigrateResult result = Flyway.configure().dataSource(database).load().migrate();

    assertThat(result.success).isTrue();
    assertThat(result.migrationsExecuted).isZero();
  }
}
