package io.trainyard.artifacts;

import java.net.URI;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Artifacts are in a bucket if one is named, else in the home directory. */
@Configuration(proxyBeanMethods = false)
class ArtifactConfiguration {

  @Bean
  ArtifactStore artifactStore(ArtifactProperties properties, JobDirectories directories) {
    ArtifactProperties.S3 s3 = properties.s3();
    return s3.bucket().isEmpty()
        ? new DirectoryArtifactStore(directories)
        : new S3ArtifactStore(client(s3), s3, directories);
  }

  private static S3Client client(ArtifactProperties.S3 s3) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(UrlConnectionHttpClient.create())
            .region(Region.of(s3.region()))
            .forcePathStyle(s3.pathStyle())
            // Services other than Amazon's need not know its newer checksums.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    if (!s3.endpoint().isEmpty()) {
      builder.endpointOverride(URI.create(s3.endpoint()));
    }
    if (!s3.accessKey().isEmpty()) {
      builder.credentialsProvider(
          StaticCredentialsProvider.create(
              AwsBasicCredentials.create(s3.accessKey(), s3.secretKey())));
    }
    return builder.build();
  }
}
