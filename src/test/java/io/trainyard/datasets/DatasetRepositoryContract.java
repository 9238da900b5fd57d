package io.trainyard.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.shared.Shape;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the table of datasets does on every database. */
abstract class DatasetRepositoryContract {
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.123456Z");

  private final DatasetRepository repository =
      new DatasetRepository(JdbcClient.create(freshDatabase()));

  abstract DataSource freshDatabase();

  @Test
  void keepsACsvDatasetAsItIs() {
    ColumnProfile x =
        new ColumnProfile(
            "größe",
            ColumnProfile.Kind.NUMERIC,
            ColumnProfile.Role.FEATURE,
            1,
            -0.5,
            1e-7,
            0.1,
            null,
            null);
    ColumnProfile y =
        new ColumnProfile(
            "y",
            ColumnProfile.Kind.INTEGER,
            ColumnProfile.Role.TARGET,
            0,
            1.0,
            9.0,
            5.0,
            null,
            null);
    CsvSpec spec =
        new CsvSpec("a", "csv", "y", List.of("größe"), Shape.of(1, 1), Normalization.STANDARD);
    CsvProfile profile =
        new CsvProfile(
            3,
            1,
            List.of(x, y),
            new Target.Integers(List.of(1L, 9L)),
            List.of(List.of("\u0000\"", "1")));
    Dataset dataset =
        new Dataset("ds_1", "o", "a", new CsvDescriptor(spec, profile), 12L, "ab".repeat(32), NOW);

    repository.insert(dataset);

    assertThat(repository.findById("ds_1")).contains(dataset);
    assertThat(repository.findByName("o", "a")).contains(dataset);
    assertThat(repository.findById("a")).isEmpty();
  }

  @Test
  void keepsSyntheticDatasetsWithoutNames() {
    Dataset first = synthetic("ds_1", null);
    Dataset second = synthetic("ds_2", null);

    repository.insert(first);
    repository.insert(second);

    assertThat(repository.findById("ds_1")).contains(first);
    assertThat(repository.findById("ds_2")).contains(second);
  }

  @Test
  void refusesANameThatIsTaken() {
    repository.insert(synthetic("ds_1", "a"));

    assertThatThrownBy(() -> repository.insert(synthetic("ds_2", "a")))
        .isInstanceOf(DuplicateKeyException.class);
  }

  @Test
  void namesAreEachOwnersOwn() {
    Dataset first = synthetic("ds_1", "a");
    Dataset other = new Dataset("ds_2", "other", "a", first.descriptor(), null, null, NOW);
    repository.insert(first);
    repository.insert(other);

    assertThat(repository.findByName("o", "a")).contains(first);
    assertThat(repository.findByName("other", "a")).contains(other);
    assertThat(repository.list("other", 3, null)).containsExactly(other);
    assertThat(repository.list(null, 3, null)).containsExactly(other, first);
  }

  @Test
  void listsTheNewestFirstAfterACursor() {
    List.of("ds_0a", "ds_1b", "ds_0z", "ds_09", "ds_a0")
        .forEach(id -> repository.insert(synthetic(id, null)));

    assertThat(repository.list("o", 3, null))
        .extracting(Dataset::id)
        .containsExactly("ds_a0", "ds_1b", "ds_0z");
    assertThat(repository.list("o", 3, "ds_0z"))
        .extracting(Dataset::id)
        .containsExactly("ds_0a", "ds_09");
  }

  @Test
  void deletesOnce() {
    repository.insert(synthetic("ds_1", "a"));

    assertThat(repository.delete("ds_1")).isTrue();
    assertThat(repository.delete("ds_1")).isFalse();
    assertThat(repository.findByName("o", "a")).isEmpty();
  }

  private static Dataset synthetic(String id, @Nullable String name) {
    SyntheticSpec spec =
        new SyntheticSpec(7, 10, Shape.of(2, 3), new Target.Classes(3, List.of()), false);
    return new Dataset(id, "o", name, new SyntheticDescriptor(spec), null, null, NOW);
  }
}
