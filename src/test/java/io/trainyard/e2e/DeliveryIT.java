package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What comes in the jar besides the program, and what it writes for machines to read. */
class DeliveryIT {
  private static final Path JAR = Path.of(System.getProperty("trainyard.test.jar"));
  private static final String SBOM = "META-INF/sbom/application.cdx.json";
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private static ServerProcess server;
  private static Api api;

  @BeforeAll
  static void start(@TempDir Path home) {
    server =
        ServerProcess.start(
            home, "--logging.structured.format.console=ecs", "--trainyard.runner.spare=false");
    api = new Api(server.url());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String entry(String name) throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      ZipEntry entry = jar.getEntry(name);
      assertThat(entry).as("%s; offline Maven makes no list of components", name).isNotNull();
      return new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Set<String> libraries() throws IOException {
    try (Stream<Path> files = Files.list(JAR.resolveSibling("lib"))) {
      return files
          .map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void theListOfComponentsHasEveryLibraryWithItsLicenceAndDigest() throws IOException {
    Set<String> listed = new TreeSet<>();
    for (JsonNode component : Json.MAPPER.readTree(entry(SBOM)).get("components")) {
      String name = component.get("name").stringValue();
      assertThat(component.get("licenses")).as(name).isNotEmpty();
      assertThat(component.get("hashes")).as(name).isNotEmpty();
      String purl = component.get("purl").stringValue();
      int classifier = purl.indexOf("classifier=");
      listed.add(
          name
              + "-"
              + component.get("version").stringValue()
              + (classifier < 0 ? "" : "-" + purl.substring(classifier + 11).split("&")[0])
              + ".jar");
    }

    assertThat(listed).containsExactlyElementsOf(libraries());
  }

  @Test
  void theListOfLicencesNamesEveryLibrary() throws IOException {
    List<String> lines =
        entry("META-INF/THIRD-PARTY.txt").lines().filter(line -> line.contains(" - ")).toList();

    assertThat(lines).hasSameSizeAs(libraries()).allMatch(line -> line.matches(" +\\(.+\\) .+"));
    assertThat(entry("META-INF/NOTICE")).contains("libtorch", "MERCHANTABILITY");
    assertThat(entry("META-INF/LICENSE")).contains("Apache License");
  }

  /** A file's own time would differ from build to build. */
  @Test
  void allOfTheJarIsOfOneTime() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      assertThat(jar.stream().map(ZipEntry::getTimeLocal).distinct()).hasSize(1);
    }
  }

  @Test
  void theServerShowsItsComponents() throws IOException {
    assertThat(api.get("/actuator/sbom").expect(200).body()).contains("application");
    assertThat(api.get("/actuator/sbom/application").expect(200).body()).isEqualTo(entry(SBOM));
  }

  @Test
  void aLineOfTheStructuredLogNamesRequestTraceAndJob() {
    String id =
        api.post(
                "/v1/jobs",
                Api.shortJob("logged"),
                "X-Request-Id",
                "submit-1",
                "traceparent",
                "00-" + TRACE + "-00f067aa0ba902b7-01")
            .expect(202)
            .json()
            .get("id")
            .stringValue();
    api.ended(id);

    List<JsonNode> lines = server.log().lines().map(Json.MAPPER::readTree).toList();

    JsonNode submitted = line(lines, id + " submitted");
    assertThat(submitted.at("/http/request/id").stringValue()).isEqualTo("submit-1");
    assertThat(submitted.at("/trace/id").stringValue()).isEqualTo(TRACE);
    assertThat(submitted.at("/trainyard/job/id").stringValue()).isEqualTo(id);
    assertThat(submitted.at("/ecs/version").isMissingNode()).isFalse();
    assertThat(submitted.at("/service/name").stringValue()).isEqualTo("trainyard");
    JsonNode started = line(lines, "attempt " + id + "-1 started");
    assertThat(started.at("/trainyard/job/id").stringValue()).isEqualTo(id);
    assertThat(started.at("/http/request/id").isMissingNode()).as("of another thread").isTrue();
  }

  private static JsonNode line(List<JsonNode> lines, String message) {
    return Objects.requireNonNull(
        lines.stream()
            .filter(line -> line.get("message").stringValue().equals(message))
            .findFirst()
            .orElse(null),
        message + " is not among " + lines);
  }
}
