package io.trainyard.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.trainyard.TestDatabases;
import io.trainyard.access.Caller;
import io.trainyard.shared.Ids;
import io.trainyard.shared.Page;
import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class DatasetsTest {
  private static final String SMALL = "x,y\n1,a\n2,b\n";
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05.123456789Z"), ZoneOffset.UTC);

  @TempDir private Path home;
  private final List<DatasetUse> uses = new ArrayList<>();
  private final JdbcClient jdbc = JdbcClient.create(TestDatabases.freshH2());
  private Caller caller = Caller.LOCAL;
  private Datasets datasets;

  @BeforeEach
  void setUp() {
    datasets =
        new Datasets(jdbc, home, uses, new Ids(CLOCK), CLOCK, DatasetBounds.WIDEST, () -> caller);
  }

  @Test
  void keepsAFileAsItWasUploaded() throws IOException {
    Path iris = CsvFixture.EXAMPLES.resolve("iris.csv");
    Dataset dataset;
    try (InputStream in = Files.newInputStream(iris)) {
      dataset = datasets.create(CsvFixture.spec("'target': 'species'"), in);
    }

    assertThat(dataset.id()).startsWith("ds_");
    assertThat(dataset.bytes()).isEqualTo(3858);
    assertThat(dataset.sha256())
        .isEqualTo("9cc1c345c71bcc9b486b74cbf6063fa66f4bb5e0f603a4b3c3471ec2e5e8e355");
    assertThat(dataset.createdAt()).isEqualTo("2026-01-02T03:04:05.123456Z");
    assertThat(datasets.get(dataset.id())).isEqualTo(dataset);
    assertThat(datasets.find("d")).contains(dataset);
    try (InputStream in = datasets.open(datasets.get("d"))) {
      assertThat(in.readAllBytes()).isEqualTo(Files.readAllBytes(iris));
    }
    assertThat(stored()).containsExactly(dataset.id());
  }

  @Test
  void keepsGzipCompressed() throws IOException {
    byte[] gzip = CsvFixture.gzip(CsvFixture.bytes(SMALL));

    Dataset dataset =
        datasets.create(CsvFixture.spec("'target': 'y'"), new ByteArrayInputStream(gzip));

    assertThat(dataset.bytes()).isEqualTo(gzip.length);
    try (InputStream in = datasets.open(dataset)) {
      assertThat(in.readAllBytes()).isEqualTo(gzip);
    }
  }

  @Test
  void keepsNothingOfAFileItRefuses() throws IOException {
    assertRefused(Problem.Kind.INVALID, () -> create("'target': 'y'", "x,y\n1\n"));

    assertThat(stored()).isEmpty();
    assertThat(datasets.find("d")).isEmpty();
  }

  @Test
  void keepsNothingOfAnUploadThatBreaksOff() throws IOException {
    InputStream in =
        smallThen(
            () -> {
              throw new IOException("connection reset");
            });

    assertThatThrownBy(() -> datasets.create(CsvFixture.spec("'target': 'y'"), in))
        .isInstanceOf(IOException.class)
        .hasMessage("connection reset");
    assertThat(stored()).isEmpty();
    assertThat(datasets.find("d")).isEmpty();
  }

  @Test
  void refusesANameThatIsTakenBeforeTheUpload() throws IOException {
    Dataset first = create("'target': 'y'", SMALL);
    InputStream untouched = new ByteArrayInputStream(CsvFixture.bytes(SMALL));

    Problem problem =
        assertRefused(
            Problem.Kind.CONFLICT,
            () -> datasets.create(CsvFixture.spec("'target': 'y'"), untouched));

    assertThat(problem.detail()).contains("named 'd' already");
    assertThat(untouched.available()).isEqualTo(SMALL.length());
    assertThat(stored()).containsExactly(first.id());
  }

  @Test
  void keepsNothingOfAFileWhoseNameWasTakenMeanwhile() throws IOException {
    SyntheticSpec spec =
        new SyntheticSpec(0, 1, Shape.of(1), new Target.Values(Shape.of(1)), false);
    InputStream file = smallThen(() -> datasets.createSynthetic(new SyntheticDocument("d", spec)));

    assertRefused(
        Problem.Kind.CONFLICT, () -> datasets.create(CsvFixture.spec("'target': 'y'"), file));

    assertThat(stored()).isEmpty();
    assertThat(datasets.get("d").descriptor()).isEqualTo(new SyntheticDescriptor(spec));
  }

  @Test
  void hasNoFileOfASyntheticDataset() {
    SyntheticSpec spec =
        new SyntheticSpec(0, 1, Shape.of(1), new Target.Values(Shape.of(1)), false);
    Dataset dataset = datasets.createSynthetic(new SyntheticDocument(null, spec));

    assertThat(datasets.get(dataset.id())).isEqualTo(dataset);
    assertRefused(Problem.Kind.CONFLICT, () -> datasets.open(dataset));
  }

  @Test
  void pagesThroughTheNewestFirst() {
    SyntheticSpec spec =
        new SyntheticSpec(0, 1, Shape.of(1), new Target.Values(Shape.of(1)), false);
    for (String name : List.of("a", "b", "c")) {
      datasets.createSynthetic(new SyntheticDocument(name, spec));
    }

    Page<Dataset> first = datasets.list(2, null);
    Page<Dataset> second = datasets.list(2, first.nextCursor());

    assertThat(first.data()).extracting(Dataset::name).containsExactly("c", "b");
    assertThat(first.hasMore()).isTrue();
    assertThat(second.data()).extracting(Dataset::name).containsExactly("a");
    assertThat(second.hasMore()).isFalse();
    assertThat(second.nextCursor()).isNull();
  }

  @Test
  void deletesWhatNobodyNeeds() throws IOException {
    Dataset dataset = create("'target': 'y'", SMALL);

    datasets.delete("d");

    assertThat(stored()).isEmpty();
    assertRefused(Problem.Kind.NOT_FOUND, () -> datasets.get(dataset.id()));
    assertRefused(Problem.Kind.NOT_FOUND, () -> datasets.delete(dataset.id()));
    assertThat(create("'target': 'y'", SMALL).name()).isEqualTo("d");
  }

  @Test
  void keepsWhatAJobNeeds() throws IOException {
    Dataset dataset = create("'target': 'y'", SMALL);
    uses.add(used -> used.equals(dataset) ? Optional.of("job job_1") : Optional.empty());

    Problem problem = assertRefused(Problem.Kind.CONFLICT, () -> datasets.delete(dataset.id()));

    assertThat(problem.detail()).isEqualTo("dataset 'd' is needed by job job_1");
    assertThat(stored()).containsExactly(dataset.id());
  }

  @Test
  void refusesToDeleteWhatTheDatabaseKnowsToBeNeeded() throws IOException {
    Dataset dataset = create("'target': 'y'", SMALL);
    jdbc.sql("create table users (dataset varchar(40) references datasets (id))").update();
    jdbc.sql("insert into users values (:id)").param("id", dataset.id()).update();

    assertRefused(Problem.Kind.CONFLICT, () -> datasets.delete(dataset.id()));

    assertThat(stored()).containsExactly(dataset.id());
  }

  private Dataset create(String members, String file) throws IOException {
    return datasets.create(
        CsvFixture.spec(members), new ByteArrayInputStream(CsvFixture.bytes(file)));
  }

  /** The small file, and something that happens where it ends. */
  private static InputStream smallThen(Call action) {
    InputStream end =
        new InputStream() {
          @Override
          public int read() throws IOException {
            action.run();
            return -1;
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
          }
        };
    return new SequenceInputStream(new ByteArrayInputStream(CsvFixture.bytes(SMALL)), end);
  }

  private List<String> stored() throws IOException {
    Path directory = home.resolve("datasets");
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  private interface Call {
    void run() throws IOException;
  }

  private static Problem assertRefused(Problem.Kind kind, Call call) {
    Problem problem = catchThrowableOfType(Problem.class, call::run);
    assertThat(problem).isNotNull();
    assertThat(problem.kind()).isEqualTo(kind);
    return Objects.requireNonNull(problem);
  }
}
