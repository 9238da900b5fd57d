package io.trainyard;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.zip.ZipInputStream;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.stereotype.Component;

/**
 * {@code POST /actuator/backup}: a consistent copy of the embedded database while the server runs,
 * whose file no other process can open. There is one copy, which the next one replaces, so that
 * asking often cannot fill the disk.
 */
@Component
@Endpoint(id = "backup")
class DatabaseBackup {
  private final JdbcTemplate jdbc;
  private final Path directory;

  DatabaseBackup(DataSource database, @Value("${trainyard.home}") Path home) {
    this.jdbc = new JdbcTemplate(database);
    this.directory = home.toAbsolutePath().normalize().resolve("backup");
  }

  /**
   * A copy that was made.
   *
   * @param file its path on the server's machine; it is named as the database's own file is
   * @param bytes its size
   */
  record Copy(String file, long bytes) {}

  /**
   * Makes the copy.
   *
   * @throws InvalidEndpointRequestException if the database is another one
   */
  @WriteOperation
  synchronized Copy write() throws IOException, MetaDataAccessException {
    DataSource database = Objects.requireNonNull(jdbc.getDataSource());
    String product =
        JdbcUtils.extractDatabaseMetaData(database, data -> data.getDatabaseProductName());
    if (!"H2".equals(product)) {
      String told = product + " has tools of its own for backups, as pg_dump";
      throw new InvalidEndpointRequestException(told, told);
    }
    Files.createDirectories(directory);
    Path zip = directory.resolve("copy.zip");
    Path part = directory.resolve("copy.part");
    try {
      jdbc.update("backup to ?", zip.toString());
      String name = unpack(zip, part);
      Path file = directory.resolve(name);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return new Copy(file.toString(), Files.size(file));
    } finally {
      Files.deleteIfExists(zip);
      Files.deleteIfExists(part);
    }
  }

  /** The database is one file, and as such it can be put in its place without any tool. */
  private static String unpack(Path zip, Path to) throws IOException {
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip));
        FileChannel channel =
            FileChannel.open(
                to,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        OutputStream out = Channels.newOutputStream(channel)) {
      String name = Objects.requireNonNull(in.getNextEntry(), "an empty backup").getName();
      in.transferTo(out);
      channel.force(true);
      return Path.of(name).getFileName().toString();
    }
  }
}
