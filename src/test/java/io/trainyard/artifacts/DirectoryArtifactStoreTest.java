package io.trainyard.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Digests;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DirectoryArtifactStoreTest extends ArtifactStoreContract {
  @Override
  ArtifactStore store(JobDirectories directories) {
    return new DirectoryArtifactStore(directories);
  }

  /** As after a kill between the file and its note. */
  @Test
  void aDigestThatIsNotOfTheFileIsCalculatedAnew() throws Exception {
    ArtifactStore store = store(new JobDirectories(home));
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
}
