package io.trainyard.artifacts;

import io.trainyard.shared.Digests;
import io.trainyard.shared.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Artifacts as objects {@code <prefix><job>/<name>} of a bucket. A file is spooled to the disk, for
 * its digest, and sent from there, a large one in parts; either way it appears whole or not at all.
 */
final class S3ArtifactStore implements ArtifactStore {
  private static final String DIGEST = "sha256";

  /** S3 takes no more parts of one object. */
  private static final int MOST_PARTS = 10_000;

  private final S3Client client;
  private final ArtifactProperties.S3 properties;
  private final JobDirectories local;

  S3ArtifactStore(S3Client client, ArtifactProperties.S3 properties, JobDirectories local) {
    this.client = client;
    this.properties = properties;
    this.local = local;
  }

  @Override
  public Artifact put(String job, String name, InputStream content) throws IOException {
    String key = key(job, name);
    Path spool = local.newSpool();
    try {
      MessageDigest digest = Digests.sha256();
      try (OutputStream file = new StoreOutput(Files.newOutputStream(spool));
          OutputStream out = new DigestOutputStream(file, digest)) {
        content.transferTo(out);
      }
      String sha256 = Digests.hex(digest.digest());
      try {
        send(key, spool, Map.of(DIGEST, sha256));
        HeadObjectResponse stored = head(key);
        return new Artifact(name, stored.contentLength(), sha256, stored.lastModified());
      } catch (S3Exception e) {
        throw new StoreException(told(e), e);
      }
    } catch (SdkException e) {
      throw new IOException("the artifact store cannot be reached: " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(spool);
    }
  }

  private void send(String key, Path file, Map<String, String> metadata) throws IOException {
    if (Files.size(file) > properties.partSize().toBytes()) {
      sendInParts(key, file, metadata);
    } else {
      client.putObject(
          r -> r.bucket(properties.bucket()).key(key).metadata(metadata),
          RequestBody.fromFile(file));
    }
  }

  private void sendInParts(String key, Path file, Map<String, String> metadata) throws IOException {
    String bucket = properties.bucket();
    String upload =
        client.createMultipartUpload(r -> r.bucket(bucket).key(key).metadata(metadata)).uploadId();
    try {
      long size = Files.size(file);
      long part = Math.max(properties.partSize().toBytes(), (size + MOST_PARTS - 1) / MOST_PARTS);
      List<CompletedPart> parts = new ArrayList<>();
      for (long from = 0; from < size; from += part) {
        int number = parts.size() + 1;
        RequestBody body = piece(file, from, Math.min(part, size - from));
        String tag =
            client
                .uploadPart(
                    r -> r.bucket(bucket).key(key).uploadId(upload).partNumber(number), body)
                .eTag();
        parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
      }
      client.completeMultipartUpload(
          r -> r.bucket(bucket).key(key).uploadId(upload).multipartUpload(m -> m.parts(parts)));
    } catch (SdkException | IOException e) {
      client.abortMultipartUpload(r -> r.bucket(bucket).key(key).uploadId(upload));
      throw e;
    }
  }

  /** Opened anew for each attempt to send it. */
  private static RequestBody piece(Path file, long from, long length) {
    return RequestBody.fromContentProvider(
        () -> {
          try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            return Channels.newInputStream(channel.position(from));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        length,
        "application/octet-stream");
  }

  @Override
  public List<Artifact> list(String job) throws IOException {
    return asking(
        () -> {
          List<Artifact> artifacts = new ArrayList<>();
          String prefix = prefix(job);
          for (S3Object object : objects(prefix)) {
            String digest = head(object.key()).metadata().getOrDefault(DIGEST, "");
            artifacts.add(
                new Artifact(
                    object.key().substring(prefix.length()),
                    object.size(),
                    digest,
                    object.lastModified()));
          }
          return artifacts;
        });
  }

  @Override
  public Optional<InputStream> open(String job, String name) throws IOException {
    String key = key(job, name);
    return asking(
        () -> {
          try {
            return Optional.of(client.getObject(r -> r.bucket(properties.bucket()).key(key)));
          } catch (NoSuchKeyException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public void delete(String job, String name) throws IOException {
    String key = key(job, name);
    asking(() -> client.deleteObject(r -> r.bucket(properties.bucket()).key(key)));
  }

  @Override
  public List<String> jobs() throws IOException {
    int skipped = properties.prefix().length();
    return asking(
        () ->
            client
                .listObjectsV2Paginator(
                    r -> r.bucket(properties.bucket()).prefix(properties.prefix()).delimiter("/"))
                .commonPrefixes()
                .stream()
                .map(p -> p.prefix().substring(skipped, p.prefix().length() - 1))
                .toList());
  }

  /** One by one: not every service takes the request for many. */
  @Override
  public void deleteAll(String job) throws IOException {
    asking(
        () -> {
          objects(prefix(job))
              .forEach(
                  object ->
                      client.deleteObject(r -> r.bucket(properties.bucket()).key(object.key())));
          return Optional.empty();
        });
    local.delete(job);
  }

  private List<S3Object> objects(String prefix) {
    return client
        .listObjectsV2Paginator(r -> r.bucket(properties.bucket()).prefix(prefix))
        .contents()
        .stream()
        .toList();
  }

  private HeadObjectResponse head(String key) {
    return client.headObject(r -> r.bucket(properties.bucket()).key(key));
  }

  private String prefix(String job) {
    return properties.prefix() + job + "/";
  }

  private String key(String job, String name) {
    if (!DirectoryArtifactStore.NAME.matcher(name).matches()) {
      throw Problem.notFound("artifact", name);
    }
    return prefix(job) + name;
  }

  private interface Question<T> {
    T ask();
  }

  private static <T> T asking(Question<T> question) throws IOException {
    try {
      return question.ask();
    } catch (SdkException e) {
      throw new IOException("the artifact store does not answer: " + e.getMessage(), e);
    }
  }

  /** The service's own words and its code, such as {@code QuotaExceeded}. */
  private static String told(S3Exception e) {
    return e.awsErrorDetails() == null
        ? "the service answered " + e.statusCode()
        : e.awsErrorDetails().errorMessage() + " (" + e.awsErrorDetails().errorCode() + ")";
  }
}
