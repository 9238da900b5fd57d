package io.trainyard.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes and goes while a job lives. */
class StoredFilesTest {
  private static final String A = "job_" + "a".repeat(26);
  private static final String B = "job_" + "b".repeat(26);

  private DirectoryArtifactStore store;
  private JobDirectories directories;

  @BeforeEach
  void open(@TempDir Path home) {
    directories = new JobDirectories(home);
    store = new DirectoryArtifactStore(directories);
  }

  private Artifact put(String job, String name, String content) throws IOException {
    return store.put(job, name, new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
  }

  private String read(String job, String name) throws IOException {
    try (InputStream content = store.open(job, name).orElseThrow()) {
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aCopyIsItsJobsOwn() throws IOException {
    Artifact original = put(A, "x", "one");

    Artifact copy = store.copy(A, "x", B, "y").orElseThrow();
    put(A, "x", "two");
    store.delete(A, "x");

    assertThat(copy.sha256()).isEqualTo(original.sha256());
    assertThat(read(B, "y")).isEqualTo("one");
    assertThat(store.list(B)).extracting(Artifact::name).containsExactly("y");
    assertThat(store.copy(A, "x", B, "z")).as("of what is not there").isEmpty();
  }

  @Test
  void aDeletedFileIsGoneWithItsDigest() throws IOException {
    put(A, "x", "one");
    put(A, "y", "two");

    store.delete(A, "x");
    store.delete(A, "x");

    assertThat(store.list(A)).extracting(Artifact::name).containsExactly("y");
    assertThat(directories.artifacts(A)).isDirectoryContaining("glob:**/y");
    try (var left = Files.list(directories.artifacts(A))) {
      assertThat(left).as("the file and its digest").hasSize(2);
    }
  }

  @Test
  void theJobsThatHaveFilesAreKnown() throws IOException {
    assertThat(store.jobs()).isEmpty();
    put(A, "x", "one");
    put(B, "x", "one");
    assertThat(store.jobs()).containsExactlyInAnyOrder(A, B);

    store.deleteAll(A);

    assertThat(store.jobs()).containsExactly(B);
  }

  @Test
  void whatAKilledServerHadBegunToWriteGoesAfterAWhile() throws IOException {
    put(A, "x", "one");
    Path old = Files.createFile(directories.artifacts(A).resolve(".put1.tmp"));
    Path fresh = Files.createFile(directories.artifacts(A).resolve(".put2.tmp"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));

    put(A, "y", "two");

    assertThat(old).doesNotExist();
    assertThat(fresh).as("somebody may be writing it").exists();
  }
}
