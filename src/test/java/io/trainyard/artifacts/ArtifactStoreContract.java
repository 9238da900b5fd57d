package io.trainyard.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.shared.Digests;
import io.trainyard.shared.Problem;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store does. */
abstract class ArtifactStoreContract {
  private static final String JOB = "job_01";

  @TempDir Path home;

  private ArtifactStore store;

  abstract ArtifactStore store(JobDirectories directories) throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = store(TestArtifacts.directories(home));
  }

  static byte[] content(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    return content;
  }

  private Artifact put(String job, String name, byte[] content) throws IOException {
    return store.put(job, name, new ByteArrayInputStream(content));
  }

  private byte[] read(String job, String name) throws IOException {
    try (InputStream in = store.open(job, name).orElseThrow()) {
      return in.readAllBytes();
    }
  }

  @Test
  void aFileIsStoredListedAndRead() throws Exception {
    byte[] content = content(1000);
    Artifact put = put(JOB, "model.safetensors", content);
    put(JOB, "a.json", new byte[0]);
    put("job_02", "other", content(1));

    assertThat(put.sha256()).isEqualTo(Digests.sha256(content));
    assertThat(put.bytes()).isEqualTo(1000);
    assertThat(store.list(JOB)).extracting(Artifact::name).containsExactly("a.json", put.name());
    assertThat(store.list(JOB).get(1)).isEqualTo(put);
    assertThat(read(JOB, "model.safetensors")).isEqualTo(content);
    assertThat(read(JOB, "a.json")).isEmpty();
  }

  @Test
  void aSecondFileOfTheSameNameReplacesTheFirst() throws Exception {
    put(JOB, "f", content(10));
    put(JOB, "f", content(20));

    assertThat(read(JOB, "f")).isEqualTo(content(20));
    assertThat(store.list(JOB)).extracting(Artifact::sha256).containsExactly(sha(20));
  }

  private static String sha(int length) {
    return Digests.sha256(content(length));
  }

  @Test
  void aFileThatBreaksOffWhileItComesLeavesTheOneBefore() throws Exception {
    put(JOB, "f", content(10));
    InputStream broken =
        new FilterInputStream(new ByteArrayInputStream(content(1 << 20))) {
          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            int read = super.read(into, offset, length);
            if (read < 0) {
              throw new IOException("the sender is gone");
            }
            return read;
          }
        };

    assertThatThrownBy(() -> store.put(JOB, "f", broken))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(StoreException.class)
        .hasMessageContaining("the sender is gone");

    assertThat(read(JOB, "f")).isEqualTo(content(10));
    assertThat(store.list(JOB)).hasSize(1);
  }

  /** More than one part, and more than a buffer. */
  @Test
  void aLargeFileArrivesWhole() throws Exception {
    byte[] content = content((13 << 20) + 7);
    Artifact put = put(JOB, "large", content);

    assertThat(put.bytes()).isEqualTo(content.length);
    assertThat(store.list(JOB)).containsExactly(put);
    assertThat(Digests.sha256(read(JOB, "large"))).isEqualTo(put.sha256());
  }

  @Test
  void whatIsNotThereIsNotThere() throws Exception {
    assertThat(store.open(JOB, "nothing")).isEmpty();
    assertThat(store.list("job_99")).isEmpty();
    assertThatThrownBy(() -> store.open(JOB, "../etc")).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> put(JOB, ".hidden", content(1))).isInstanceOf(Problem.class);
  }

  @Test
  void allFilesOfAJobAreDeleted() throws Exception {
    put(JOB, "a", content(1));
    put(JOB, "b", content(2));
    put("job_012", "c", content(3));
    TestArtifacts.directories(home).log(JOB, 1);

    store.deleteAll(JOB);
    store.deleteAll("job_99");

    assertThat(store.list(JOB)).isEmpty();
    assertThat(store.list("job_012")).hasSize(1);
    assertThat(home.resolve("jobs").resolve(JOB)).doesNotExist();
  }

  @Test
  void aCopyIsItsJobsOwn() throws Exception {
    Artifact original = put(JOB, "x", content(10));

    Artifact copy = store.copy(JOB, "x", "job_02", "y").orElseThrow();
    put(JOB, "x", content(20));
    store.delete(JOB, "x");
    store.delete(JOB, "x");

    assertThat(copy.sha256()).isEqualTo(original.sha256());
    assertThat(read("job_02", "y")).isEqualTo(content(10));
    assertThat(store.open(JOB, "x")).isEmpty();
    assertThat(store.copy(JOB, "x", "job_02", "z")).as("of what is not there").isEmpty();
  }

  @Test
  void theJobsThatHaveFilesAreKnown() throws Exception {
    put("job_98", "x", content(1));
    assertThat(store.jobs()).contains("job_98");

    store.deleteAll("job_98");

    assertThat(store.jobs()).doesNotContain("job_98");
  }
}
