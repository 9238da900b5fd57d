package io.trainyard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** Fresh databases with all migrations applied, for tests that must hold on each kind. */
public final class TestDatabases {
  private static @Nullable PostgreSQLContainer container;

  private TestDatabases() {}

  /** An empty H2 database in memory. */
  public static DataSource freshH2() {
    String url = "jdbc:h2:mem:" + unique() + ";DB_CLOSE_DELAY=-1";
    return migrated(new DriverManagerDataSource(url, "sa", ""));
  }

  /** An empty PostgreSQL database in the one container of this JVM. */
  public static DataSource freshPostgres() {
    return migrated(newPostgres().dataSource());
  }

  /** A PostgreSQL database as a server is told of it. */
  public record Postgres(String host, int port, String name, String username, String password) {
    /** As if the database were at another port of this machine. */
    public Postgres at(int otherPort) {
      return new Postgres("127.0.0.1", otherPort, name, username, password);
    }

    public String url() {
      return "jdbc:postgresql://" + host + ":" + port + "/" + name;
    }

    public DataSource dataSource() {
      return new DriverManagerDataSource(url(), username, password);
    }

    /** The server's own properties for it. */
    public List<String> arguments() {
      return List.of(
          "--trainyard.database.url=" + url(),
          "--trainyard.database.username=" + username,
          "--trainyard.database.password=" + password);
    }
  }

  /** A database without any table in the one container of this JVM. */
  public static Postgres newPostgres() {
    PostgreSQLContainer server = server();
    Postgres first =
        new Postgres(
            server.getHost(),
            server.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
            server.getDatabaseName(),
            server.getUsername(),
            server.getPassword());
    String name = unique();
    JdbcClient.create(first.dataSource()).sql("create database " + name).update();
    return new Postgres(first.host(), first.port(), name, first.username(), first.password());
  }

  /** Runs one of PostgreSQL's own programs on a database, beside its server. */
  public static void run(String program, Postgres database, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(program, "--username=" + database.username(), "--dbname"));
    command.add(database.name());
    command.addAll(List.of(arguments));
    Container.ExecResult result = server().execInContainer(command.toArray(String[]::new));
    if (result.getExitCode() != 0) {
      throw new IllegalStateException(command + ": " + result.getStderr());
    }
  }

  /** For {@code @EnabledIf}: without Docker the tests on PostgreSQL are skipped, and say so. */
  public static boolean dockerIsThere() {
    boolean there = DockerClientFactory.instance().isDockerAvailable();
    if (!there) {
      System.out.println("SKIPPED: tests on PostgreSQL need a Docker engine, and there is none");
    }
    return there;
  }

  private static synchronized PostgreSQLContainer server() {
    if (container == null) {
      PostgreSQLContainer started =
          new PostgreSQLContainer(System.getProperty("trainyard.test.postgres-image"));
      started.start();
      // Testcontainers' own reaper is a second image, which not every engine can pull.
      Runtime.getRuntime().addShutdownHook(new Thread(started::stop));
      container = started;
    }
    return container;
  }

  private static DataSource migrated(DataSource database) {
    Flyway.configure().dataSource(database).load().migrate();
    return database;
  }

  private static String unique() {
    return "t" + UUID.randomUUID().toString().replace("-", "");
  }
}
