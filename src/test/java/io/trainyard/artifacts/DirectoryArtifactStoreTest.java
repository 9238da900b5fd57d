package io.trainyard.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Digests;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class DirectoryArtifactStoreTest extends ArtifactStoreContract {
  @Override
  ArtifactStore store(JobDirectories directories) {
    return new DirectoryArtifactStore(directories);
  }

  /** As after a kill between the file and its note. */
  @Test
  void aDigestThatIsNotOfTheFileIsCalculatedAnew() throws Exception {
    ArtifactStore store = store(TestArtifacts.directories(home));
    store.put("job_01", "f", new ByteArrayInputStream(content(10)));
    Path file = home.resolve("jobs/job_01/artifacts/f");
    Files.write(file, content(11));

    assertThat(store.list("job_01"))
        .extracting(Artifact::sha256)
        .containsExactly(Digests.sha256(content(11)));

    Files.delete(home.resolve("jobs/job_01/artifacts/.f.sha256"));
    assertThat(store.list("job_01"))
        .extracting(Artifact::sha256)
        .containsExactly(Digests.sha256(content(11)));
  }

  @Test
  void aDeletedFileTakesItsDigestWithIt() throws Exception {
    ArtifactStore store = store(TestArtifacts.directories(home));
    store.put("job_01", "f", new ByteArrayInputStream(content(10)));

    store.delete("job_01", "f");

    assertThat(home.resolve("jobs/job_01/artifacts")).isEmptyDirectory();
  }

  /** As a request and the sweeper may. */
  @Test
  void twoMayDeleteAJobAtOnce() throws Exception {
    JobDirectories directories = TestArtifacts.directories(home);
    ExecutorService two = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < 20; round++) {
        Path files = Files.createDirectories(directories.artifacts("job_01"));
        for (int i = 0; i < 50; i++) {
          Files.createFile(files.resolve("f" + i));
        }
        Callable<Void> delete =
            () -> {
              directories.delete("job_01");
              assertThat(files).doesNotExist();
              return null;
            };
        for (Future<Void> done : two.invokeAll(List.of(delete, delete))) {
          done.get();
        }
      }
    } finally {
      two.shutdownNow();
    }
  }

  @Test
  void whatAKilledServerHadBegunToWriteGoesAfterAWhile() throws Exception {
    ArtifactStore store = store(TestArtifacts.directories(home));
    store.put("job_01", "f", new ByteArrayInputStream(content(10)));
    Path directory = home.resolve("jobs/job_01/artifacts");
    Path old = Files.createFile(directory.resolve(".put1.tmp"));
    Path fresh = Files.createFile(directory.resolve(".put2.tmp"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));

    store.put("job_01", "g", new ByteArrayInputStream(content(10)));

    assertThat(old).doesNotExist();
    assertThat(fresh).as("somebody may be writing it").exists();
  }
}
