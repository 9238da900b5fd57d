package io.trainyard.datasets;

import static io.trainyard.datasets.CsvFixture.bytes;
import static io.trainyard.datasets.CsvFixture.gzip;
import static io.trainyard.datasets.CsvFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.trainyard.TestDatabases;
import io.trainyard.access.Caller;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Ids;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Files that are too large, or made to do harm, are refused, and nothing of them stays. */
class DatasetBoundsTest {
  private static final DatasetBounds BOUNDS = new DatasetBounds(100, 3, 1 << 20);

  @TempDir private Path home;

  private Datasets datasets(DatasetBounds bounds) {
    JdbcClient jdbc = JdbcClient.create(TestDatabases.freshH2());
    Clock clock = Clock.systemUTC();
    return new Datasets(jdbc, home, List.of(), new Ids(clock), clock, bounds, () -> Caller.LOCAL);
  }

  private String refused(DatasetBounds bounds, byte[] file) throws IOException {
    Datasets datasets = datasets(bounds);
    Problem problem =
        catchThrowableOfType(
            Problem.class,
            () -> datasets.create(spec("'target': 'y'"), new ByteArrayInputStream(file)));
    assertThat(Objects.requireNonNull(problem, "there was no problem").kind())
        .isEqualTo(Problem.Kind.INVALID);
    assertThat(problem.places()).hasSize(1);
    assertThat(problem.places().get(0).pointer()).isEqualTo("/file");
    try (Stream<Path> left = Files.walk(home)) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
    assertThat(datasets.find("d")).isEmpty();
    return problem.places().get(0).detail();
  }

  private static byte[] rows(int count) {
    return bytes("x,y\n" + "1,2\n".repeat(count));
  }

  @Test
  void aFileHasAsManyRowsAsItMay() throws IOException {
    assertThat(refused(BOUNDS, rows(101)))
        .isEqualTo("the file has more than 100 rows (trainyard.limits.rows)");
    assertThat(
            datasets(BOUNDS)
                .create(spec("'target': 'y'"), new ByteArrayInputStream(rows(100)))
                .descriptor()
                .shape()
                .rows())
        .isEqualTo(100);
  }

  @Test
  void aSyntheticDatasetHasAsManyRowsAsItMay() {
    assertThat(datasets(BOUNDS).createSynthetic(synthetic(100)).name()).isEqualTo("s");
    assertThatThrownBy(() -> datasets(BOUNDS).createSynthetic(synthetic(101)))
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> assertThat(problem.places().get(0).pointer()).isEqualTo("/samples"))
        .hasMessageContaining("trainyard.limits.rows");
  }

  private static SyntheticDocument synthetic(int samples) {
    String document =
        """
        {"type": "synthetic", "name": "s", "samples": %d, "input_shape": [2], "target_shape": [1]}"""
            .formatted(samples);
    Errors errors = new Errors();
    SyntheticDocument read = SyntheticDocument.read(Json.read(bytes(document)), "", errors);
    errors.throwIfAny();
    return Objects.requireNonNull(read);
  }

  @Test
  void aFileHasAsManyColumnsAsItMay() throws IOException {
    assertThat(refused(BOUNDS, bytes("a,b,c,y\n1,2,3,4\n")))
        .isEqualTo("the file has more than 3 columns (trainyard.limits.columns)");
  }

  @Test
  void aMillionColumnsAreRefusedWhereTheyBegin() throws IOException {
    String header =
        IntStream.range(0, 1_000_000).mapToObj(i -> "c" + i).collect(Collectors.joining(","));

    assertThat(refused(DatasetBounds.WIDEST, bytes(header + "\n1\n")))
        .contains("line 1 has more than 10000 cells");
    assertThat(refused(DatasetBounds.WIDEST, bytes("x,y\n" + ",".repeat(1_000_000) + "\n")))
        .contains("line 2 has more than 10000 cells");
  }

  @Test
  void aSmallFileThatUnpacksToALargeOneIsRefused() throws IOException {
    String told = "the file unpacks to more than 1048576 bytes (trainyard.limits.unpacked)";
    // Neither adds a row or a value: only the bytes tell.
    byte[] emptyLines = gzip(bytes("x,y\n1,2\n" + "\n".repeat(20 << 20)));
    assertThat(emptyLines.length).isLessThan(50_000);

    assertThat(refused(BOUNDS, emptyLines)).isEqualTo(told);
    assertThat(refused(new DatasetBounds(100, 3, 10), gzip(rows(3)))).contains("than 10 bytes");
  }

  @Test
  void manyPackedPartsCountTogether() throws IOException {
    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    parts.write(gzip(bytes("x,y\n1,2\n")));
    byte[] part = gzip(bytes("\n".repeat(100_000)));
    for (int i = 0; i < 20; i++) {
      parts.write(part);
    }

    assertThat(refused(BOUNDS, parts.toByteArray())).contains("trainyard.limits.unpacked");
  }

  @Test
  void aPackedFileWithinAPackedOneIsNotUnpacked() throws IOException {
    assertThat(refused(BOUNDS, gzip(gzip(rows(5))))).contains("the file is not UTF-8 text");
  }

  @Test
  void anArchiveIsNotOpened() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("../../escape.csv"));
      zip.write(rows(5));
      // A bomb: a gigabyte would take a megabyte.
      zip.putNextEntry(new ZipEntry("zeros"));
      zip.write(new byte[10 << 20]);
    }

    assertThat(refused(BOUNDS, bytes.toByteArray())).containsAnyOf("UTF-8", "CSV", "cells");
    assertThat(home.resolveSibling("escape.csv")).doesNotExist();
  }

  @Test
  void aLinkInAnArchiveIsNotFollowed() throws Exception {
    Path secret = Files.writeString(home.resolve("secret"), "x,y\n1,2\n");
    Path link = Files.createSymbolicLink(home.resolve("data.csv"), secret);
    Path tar = home.resolve("data.tar.gz");
    int code =
        new ProcessBuilder("tar", "-czf", tar.toString(), "-C", home.toString(), "data.csv")
            .start()
            .waitFor();
    assertThat(code).isZero();
    byte[] archive = Files.readAllBytes(tar);
    for (Path file : List.of(secret, link, tar)) {
      Files.delete(file);
    }

    assertThat(refused(BOUNDS, archive)).doesNotContain("secret");
  }
}
