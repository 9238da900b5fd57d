package io.trainyard.ui;

import java.net.URI;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The contract and its page. */
@RestController
class DocsController {
  private static final MediaType YAML = MediaType.parseMediaType("application/yaml");

  @GetMapping("/openapi.yaml")
  ResponseEntity<Resource> contract() {
    return ResponseEntity.ok()
        .contentType(YAML)
        .body(new ClassPathResource("contract/openapi.yaml"));
  }

  @GetMapping("/docs")
  ResponseEntity<Void> page() {
    return ResponseEntity.status(HttpStatus.FOUND).location(URI.create("/docs/index.html")).build();
  }
}
