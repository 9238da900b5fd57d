package io.trainyard.e2e;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.trainyard.shared.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * openapi.yaml as the judge of every exchange the tests make, with a record of which of its answers
 * were seen.
 */
final class Contract {
  /** A file of this build alone: what an earlier one saw is no evidence. */
  private static final @Nullable Path SEEN =
      Optional.ofNullable(System.getProperty("trainyard.test.seen")).map(Path::of).orElse(null);

  static final Contract INSTANCE = new Contract();

  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "patch", "head", "options");

  private final JsonNode document;
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Set<String> seen = new ConcurrentSkipListSet<>();

  private Contract() {
    try {
      document = Json.tree(new Yaml().load(Files.readString(Path.of("openapi.yaml"))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** "GET /v1/jobs/{id}" for every operation. */
  Set<String> operations() {
    Set<String> operations = new TreeSet<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue().propertyNames().stream()
                    .filter(METHODS::contains)
                    .forEach(
                        m -> operations.add(m.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    return operations;
  }

  /** "GET /v1/jobs/{id} 404" for every answer that the document names. */
  Set<String> answers() {
    Set<String> answers = new LinkedHashSet<>();
    for (String operation : operations()) {
      operation(operation)
          .get("responses")
          .propertyNames()
          .forEach(s -> answers.add(operation + " " + s));
    }
    return answers;
  }

  /** The answers that tests have got so far, in this JVM and in others of the same build. */
  Set<String> seen() throws IOException {
    Set<String> all = new TreeSet<>(seen);
    if (SEEN != null) {
      all.addAll(Files.readAllLines(SEEN));
    }
    return all;
  }

  private void record(String answer) {
    if (seen.add(answer) && SEEN != null) {
      try {
        Files.createDirectories(SEEN.getParent());
        Files.writeString(
            SEEN, answer + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** What an operation says of who may call it: "open", "runner" or a role. */
  String asks(String operation) {
    JsonNode security = operation(operation).path("security");
    require(security.isArray(), operation + " does not say who may call it");
    if (security.isEmpty()) {
      return "open";
    }
    JsonNode scheme = security.get(0);
    return scheme.has("runnerToken") ? "runner" : scheme.get("bearer").get(0).stringValue();
  }

  /**
   * Holds an exchange against the document.
   *
   * @throws AssertionError if route, status, content type or body are not as it says
   */
  void check(String method, String path, int status, String contentType, String body) {
    String operation = match(method, path);
    if (operation == null) {
      if (path.startsWith("/v1/") || path.startsWith("/internal/")) {
        // What is no operation must be refused as such.
        require(status == 404 || status == 405, method + " " + path + " answered " + status);
      }
      return;
    }
    JsonNode responses = operation(operation).get("responses");
    if (status == 405 || status == 406) {
      return; // said once for all paths, in the document's description
    }
    JsonNode response = resolve(responses.path(Integer.toString(status)));
    if (status == 400 && path.contains("..")) {
      return; // of the firewall; said once for all paths
    }
    if ((status == 401 || status == 403) && response.isMissingNode()) {
      // Said once for all paths, as well.
      ObjectNode problem = Json.object().put("$ref", "#/components/schemas/Problem");
      require(contentType.startsWith("application/problem+json"), operation + ": " + contentType);
      List<Error> errors = schema(problem).validate(Json.MAPPER.readTree(body));
      require(errors.isEmpty(), operation + " " + status + ": " + errors + "\n" + body);
      return;
    }
    if ((status == 503 || status == 429) && response.isMissingNode()) {
      return; // of the database, and of the rate of requests; said once for all paths, too
    }
    require(
        !response.isMissingNode(),
        operation + " answered " + status + ", which is not declared: " + body);
    record(operation + " " + status);
    JsonNode content = response.path("content");
    if (content.isMissingNode()) {
      require(body.isEmpty(), operation + " " + status + " has a body: " + body);
      return;
    }
    String type = contentType.split(";")[0].strip();
    JsonNode media = content.path(type);
    require(!media.isMissingNode(), operation + " " + status + " answered with " + type);
    if (type.endsWith("json")) {
      List<Error> errors = schema(media.get("schema")).validate(Json.MAPPER.readTree(body));
      require(errors.isEmpty(), operation + " " + status + ": " + errors + "\n" + body);
    }
  }

  /** Holds one event of a stream against the document. */
  void checkEvent(JsonNode event) {
    ObjectNode reference = Json.object().put("$ref", "#/components/schemas/JobEvent");
    List<Error> errors = schema(reference).validate(event);
    require(errors.isEmpty(), errors + "\n" + event);
  }

  private Schema schema(JsonNode schema) {
    ObjectNode whole = schema.deepCopy().asObject();
    whole.set("components", document.get("components"));
    return registry.getSchema(whole);
  }

  private JsonNode operation(String operation) {
    String[] parts = operation.split(" ");
    return document.get("paths").get(parts[1]).get(parts[0].toLowerCase(Locale.ROOT));
  }

  private JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").stringValue().substring(1)) : node;
  }

  private @Nullable String match(String method, String path) {
    String best = null;
    for (Map.Entry<String, JsonNode> entry : document.get("paths").properties()) {
      String pattern = entry.getKey();
      String regex = Pattern.quote(pattern).replaceAll("\\{[a-z_]+}", "\\\\E[^/]+\\\\Q");
      // A literal path (/v1/models/validate) goes before one with a variable.
      if (path.matches(regex)
          && entry.getValue().has(method.toLowerCase(Locale.ROOT))
          && (best == null || !pattern.contains("{"))) {
        best = method + " " + pattern;
      }
    }
    return best;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError("against openapi.yaml: " + otherwise);
    }
  }
}
