package io.trainyard.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** The store against S3Proxy, a server that speaks S3, with signatures and on the network. */
class S3ArtifactStoreIT extends ArtifactStoreContract {
  private static S3Server server;

  @BeforeAll
  static void start(@TempDir Path directory) {
    server = S3Server.start(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static ArtifactProperties.S3 properties(String bucket, String secret) {
    return new ArtifactProperties.S3(
        bucket,
        "train/",
        server.url(),
        "us-east-1",
        S3Server.ACCESS_KEY,
        secret,
        true,
        DataSize.ofMegabytes(5));
  }

  @Override
  ArtifactStore store(JobDirectories directories) {
    ArtifactProperties.S3 s3 = properties(server.newBucket(), S3Server.SECRET_KEY);
    return new ArtifactConfiguration().artifactStore(new ArtifactProperties(s3), directories);
  }

  @Test
  void aFileIsDeletedAndTheJobsAreListed() throws Exception {
    S3ArtifactStore store = (S3ArtifactStore) store(TestArtifacts.directories(home));
    store.put("job_01", "a", new ByteArrayInputStream(content(1)));
    store.put("job_01", "b", new ByteArrayInputStream(content(1)));
    store.put("job_02", "c", new ByteArrayInputStream(content(1)));
    store.delete("job_01", "a");
    store.delete("job_01", "not-there");

    assertThat(store.list("job_01")).extracting(Artifact::name).containsExactly("b");
    assertThat(store.jobs()).containsExactly("job_01", "job_02");
  }

  @Test
  void whatTheServiceRefusesIsToldInItsWords() throws Exception {
    ArtifactStore wrong =
        new ArtifactConfiguration()
            .artifactStore(
                new ArtifactProperties(properties("no-such-bucket", S3Server.SECRET_KEY)),
                TestArtifacts.directories(home));
    assertThatThrownBy(() -> wrong.put("job_01", "a", new ByteArrayInputStream(content(1))))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("NoSuchBucket");

    ArtifactStore unsigned =
        new ArtifactConfiguration()
            .artifactStore(
                new ArtifactProperties(properties(server.newBucket(), "wrong")),
                TestArtifacts.directories(home));
    assertThatThrownBy(() -> unsigned.put("job_01", "a", new ByteArrayInputStream(content(1))))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("SignatureDoesNotMatch");
    try (Stream<Path> left = Files.walk(home)) {
      assertThat(left).noneMatch(file -> file.getFileName().toString().startsWith("spool-"));
    }
  }
}
