package io.trainyard.datasets.web;

import jakarta.servlet.MultipartConfigElement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.servlet.autoconfigure.MultipartProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Lets uploads arrive on the disk that keeps them: the system's temporary directory is often a
 * small one, or memory.
 */
@Configuration(proxyBeanMethods = false)
class UploadConfiguration {

  @Bean
  MultipartConfigElement multipartConfigElement(
      MultipartProperties properties, @Value("${trainyard.home}") String home) throws IOException {
    Path uploads = Path.of(home, "uploads").toAbsolutePath();
    Files.createDirectories(uploads);
    properties.setLocation(uploads.toString());
    return properties.createMultipartConfig();
  }
}
