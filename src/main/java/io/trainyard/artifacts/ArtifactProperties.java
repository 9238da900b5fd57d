package io.trainyard.artifacts;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/** Where artifacts are kept, if not in the home directory. */
@ConfigurationProperties("trainyard.artifacts")
record ArtifactProperties(S3 s3) {

  /**
   * A bucket.
   *
   * @param bucket its name; empty for none
   * @param prefix of all keys, such as {@code trainyard/}
   * @param endpoint of a service other than Amazon's; empty for Amazon's
   * @param accessKey empty for the AWS SDK's own search for credentials
   * @param pathStyle whether the bucket's name stands in the path and not in the host
   * @param partSize files larger than this are sent in parts
   */
  record S3(
      String bucket,
      String prefix,
      String endpoint,
      String region,
      String accessKey,
      String secretKey,
      boolean pathStyle,
      DataSize partSize) {

    S3 {
      // S3's own bound for all parts but the last.
      if (partSize.toMegabytes() < 5) {
        throw new IllegalArgumentException("trainyard.artifacts.s3.part-size must be at least 5MB");
      }
    }
  }
}
