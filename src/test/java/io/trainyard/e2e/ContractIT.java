package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * openapi.yaml and the service against each other. Runs last: the other tests' exchanges, each of
 * which was held against the document, count as evidence for what it promises.
 */
@Tag("alone")
@Order(Integer.MAX_VALUE)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(SharedServer.class)
class ContractIT {

  @Test
  void theServiceHasTheRoutesOfTheDocumentAndNoOthers(@TempDir Path home) throws Exception {
    Set<String> routes = new TreeSet<>();
    try (ServerProcess server =
        ServerProcess.start(home, "--management.endpoints.web.exposure.include=mappings")) {
      JsonNode mappings =
          new Api(server.url())
              .get("/actuator/mappings")
              .json()
              .at("/contexts/trainyard/mappings/dispatcherServlets/dispatcherServlet");
      for (JsonNode mapping : mappings) {
        JsonNode conditions = mapping.at("/details/requestMappingConditions");
        for (JsonNode pattern : conditions.path("patterns")) {
          String path = pattern.stringValue();
          if (!path.startsWith("/actuator") && !path.equals("/error")) {
            conditions.get("methods").forEach(m -> routes.add(m.stringValue() + " " + path));
          }
        }
      }
    }

    assertThat(routes).containsExactlyElementsOf(Contract.INSTANCE.operations());
  }

  @Test
  void theDocumentIsServedAsItIs(Api api) throws Exception {
    assertThat(api.get("/openapi.yaml").expect(200).body())
        .isEqualTo(Files.readString(Path.of("openapi.yaml")));
  }

  @Test
  void thePageIsWhereTheDocumentSays(Api api) {
    String page = api.get("/docs").expect(302).header("Location");
    assertThat(api.get(page).expect(200).body()).contains("swagger-ui").doesNotContain("@");
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void everyAnswerOfTheDocumentWasSeen() throws Exception {
    Set<String> unseen = new TreeSet<>(Contract.INSTANCE.answers());
    unseen.removeAll(Contract.INSTANCE.seen());

    assertThat(unseen).isEmpty();
  }
}
