package io.trainyard.datasets;

import io.trainyard.shared.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of datasets. */
final class DatasetRepository {
  private final JdbcClient jdbc;

  DatasetRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Adds a row.
   *
   * @throws org.springframework.dao.DuplicateKeyException if the owner has one of that name
   */
  void insert(Dataset dataset) {
    jdbc.sql(
            """
            insert into datasets
              (id, owner, name, kind, descriptor, row_count, bytes, sha256, created_at)
            values
              (:id, :owner, :name, :kind, :descriptor, :rows, :bytes, :sha256, :createdAt)
            """)
        .param("id", dataset.id())
        .param("owner", dataset.owner())
        .param("name", dataset.name())
        .param("kind", dataset.descriptor().kind())
        .param("descriptor", Json.write(dataset.descriptor()))
        .param("rows", dataset.descriptor().shape().rows())
        .param("bytes", dataset.bytes())
        .param("sha256", dataset.sha256())
        .param("createdAt", dataset.createdAt().atOffset(ZoneOffset.UTC))
        .update();
  }

  Optional<Dataset> findById(String id) {
    return jdbc.sql("select * from datasets where id = :id")
        .param("id", id)
        .query(DatasetRepository::map)
        .optional();
  }

  Optional<Dataset> findByName(String owner, String name) {
    return jdbc.sql("select * from datasets where owner = :owner and name = :name")
        .param("owner", owner)
        .param("name", name)
        .query(DatasetRepository::map)
        .optional();
  }

  /**
   * The newest first.
   *
   * @param owner whose; null for everybody's
   * @param after the id of the last one already seen, or null
   */
  List<Dataset> list(@Nullable String owner, int count, @Nullable String after) {
    return jdbc.sql(
            "select * from datasets where true"
                + (owner == null ? "" : " and owner = :owner")
                + (after == null ? "" : " and id < :after")
                + " order by id desc fetch first :count rows only")
        .paramSource(new ListParameters(owner, count, after))
        .query(DatasetRepository::map)
        .list();
  }

  private record ListParameters(@Nullable String owner, int count, @Nullable String after) {}

  /** Whether there was such a row. */
  boolean delete(String id) {
    return jdbc.sql("delete from datasets where id = :id").param("id", id).update() > 0;
  }

  private static Dataset map(ResultSet row, int number) throws SQLException {
    return new Dataset(
        row.getString("id"),
        row.getString("owner"),
        row.getString("name"),
        Json.parse(row.getString("descriptor"), DatasetDescriptor.class),
        row.getObject("bytes", Long.class),
        row.getString("sha256"),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }
}
