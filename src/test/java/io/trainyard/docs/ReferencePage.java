package io.trainyard.docs;

import io.trainyard.datasets.Target;
import io.trainyard.models.ModelDefinition;
import io.trainyard.models.ModelSummary;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.models.inits.Inits;
import io.trainyard.models.layers.Layers;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Shape;
import io.trainyard.shared.Vocabulary;
import io.trainyard.training.Loss;
import io.trainyard.training.losses.Losses;
import io.trainyard.training.optimizers.Optimizers;
import io.trainyard.training.schedulers.Schedulers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * docs/reference.md: arguments, types and defaults are the registry's, the members of a job
 * openapi.yaml's. Each example is read, and its shapes are calculated, by the service itself.
 */
final class ReferencePage {
  static final Path FILE = Path.of("docs", "reference.md");

  /** With this system property the file is written anew. */
  static final String WRITE = "trainyard.reference.write";

  private static final String HEAD =
      """
      # The job document

      Every member, layer, loss, optimizer, scheduler and init with its arguments, types, defaults and an example. Names and
      meanings are torch's; what may be left out may also be null. [README](../README.md#the-job-document) has a whole document,
      `GET /v1/schemas/{layers,losses,optimizers,schedulers}` the same as JSON Schema. Shapes are of one row, without the
      batch.

      Written by `mvn test -Dtest=ReferenceTest -D%s=true`.

      [Members](#members) · [Layers](#layers) · [First values](#first-values) · [Losses](#losses) ·
      [Optimizers](#optimizers) · [Schedulers](#schedulers)
      """
          .formatted(WRITE);

  private final JsonNode examples;
  private final StringBuilder page = new StringBuilder(HEAD);

  private ReferencePage(JsonNode examples) {
    this.examples = examples;
  }

  static String make() throws IOException {
    try (InputStream in = ReferencePage.class.getResourceAsStream("/docs/reference.json")) {
      ReferencePage made = new ReferencePage(Json.MAPPER.readTree(Objects.requireNonNull(in)));
      made.members();
      made.kinds("Layers", "layers", Layers.VOCABULARY, ReferencePage::shapes);
      made.inits();
      made.kinds("Losses", "losses", Losses.VOCABULARY, ReferencePage::targets);
      made.kinds("Optimizers", "optimizers", Optimizers.VOCABULARY, (o, example) -> "");
      made.kinds("Schedulers", "schedulers", Schedulers.VOCABULARY, (s, example) -> "");
      return made.page.toString();
    }
  }

  private void members() throws IOException {
    page.append("\n## Members\n\n| member | type | default | |\n|---|---|---|---|\n");
    JsonNode contract = Json.tree(new Yaml().load(Files.readString(Path.of("openapi.yaml"))));
    members("", contract.at("/components/schemas/JobDocument"));
  }

  private void members(String prefix, JsonNode schema) {
    List<String> required =
        schema.path("required").valueStream().map(JsonNode::stringValue).toList();
    for (Map.Entry<String, JsonNode> member : schema.get("properties").properties()) {
      JsonNode described = member.getValue();
      row(prefix + member.getKey(), described, required.contains(member.getKey()));
      String says = described.path("description").asString("").strip().replaceAll("\\s+", " ");
      page.append(" ").append(says).append(" |\n");
      if (described.has("properties")) {
        members(prefix + member.getKey() + ".", described);
      }
    }
  }

  /** The row of a table, but for what follows the default. */
  private void row(String name, JsonNode schema, boolean required) {
    JsonNode fallback = schema.path("default");
    String otherwise =
        required
            ? "required"
            : fallback.isMissingNode() || fallback.isNull()
                ? ""
                : "`" + SchemaText.json(fallback) + "`";
    page.append("| `%s` | %s | %s |".formatted(name, SchemaText.type(schema), otherwise));
  }

  private <T> void kinds(
      String title, String key, Vocabulary<T> vocabulary, BiFunction<T, JsonNode, String> more) {
    page.append("\n## ").append(title).append("\n");
    JsonNode schemas = vocabulary.schema().get("$defs");
    JsonNode described = examples.get(key);
    requireSame(vocabulary.types(), described);
    for (String type : vocabulary.types()) {
      JsonNode entry = described.get(type);
      head(type, schemas.get(type).path("description").asString(""), entry);
      arguments(vocabulary.arguments(type));
      ObjectNode example = Json.object().put("type", type);
      example.setAll((ObjectNode) entry.get("example"));
      Errors errors = new Errors();
      T read = vocabulary.read(example, "", errors);
      errors.throwIfAny();
      page.append("\n```json\n").append(SchemaText.json(example)).append("\n```\n");
      page.append(more.apply(Objects.requireNonNull(read), withExample(entry, example)));
    }
  }

  private static ObjectNode withExample(JsonNode entry, ObjectNode example) {
    return ((ObjectNode) entry.deepCopy()).set("example", example).asObject();
  }

  private static void requireSame(List<String> types, JsonNode described) {
    List<String> names = List.copyOf(described.propertyNames());
    if (!names.equals(types)) {
      throw new IllegalStateException("reference.json has " + names + ", the registry " + types);
    }
  }

  private void head(String type, String torch, JsonNode entry) {
    page.append("\n### ").append(type).append("\n\n");
    if (!torch.isEmpty()) {
      String[] parts = torch.split(": ", 2);
      page.append("[`%s`](%s). ".formatted(parts[0], parts[1]));
    }
    page.append(entry.get("says").stringValue()).append("\n");
  }

  private void arguments(List<Argument<?>> arguments) {
    if (arguments.isEmpty()) {
      return;
    }
    page.append("\n| argument | type | default |\n|---|---|---|\n");
    for (Argument<?> argument : arguments) {
      row(argument.name(), argument.schema(), argument.required());
      page.append("\n");
    }
  }

  /** What a layer makes of the example's input. */
  private static String shapes(Object layer, JsonNode entry) {
    Shape input = Json.MAPPER.treeToValue(entry.get("input"), Shape.class);
    ObjectNode model = Json.object();
    model.putArray("layers").add(entry.get("example"));
    Errors errors = new Errors();
    ModelDefinition definition = ModelDefinition.read(model, "", errors);
    errors.throwIfAny();
    ModelSummary summary = Objects.requireNonNull(definition).summarize(input, "", errors);
    errors.throwIfAny();
    long parameters = Objects.requireNonNull(summary).parameters();
    return "\n`%s` → `%s`%s\n"
        .formatted(
            SchemaText.json(Json.tree(input)),
            SchemaText.json(Json.tree(Objects.requireNonNull(summary.outputShape()))),
            parameters == 0 ? "" : ", " + parameters + " parameters");
  }

  /** What a loss was asked to take. */
  private static String targets(Loss loss, JsonNode entry) {
    Shape output = Json.MAPPER.treeToValue(entry.get("output"), Shape.class);
    Target target = Json.MAPPER.treeToValue(entry.get("target"), Target.class);
    try {
      loss.accept(output, target);
    } catch (ShapeMismatch e) {
      throw new IllegalStateException(entry + ": " + e.detail(), e);
    }
    String wanted =
        target instanceof Target.Classes classes
            ? "one of " + classes.count() + " classes"
            : "values `%s`".formatted(SchemaText.json(entry.at("/target/shape")));
    return "\nOutputs `%s`, target: %s\n".formatted(SchemaText.json(Json.tree(output)), wanted);
  }

  private void inits() {
    page.append("\n## First values\n\n");
    page.append(
        """
        `init` of a layer: the name of one of these for the weight, an object with its arguments, or one for each parameter,
        `{"weight": {"type": "kaiming_normal", "mode": "fan_out"}, "bias": "zeros"}`. Names may end in `_`, as torch's do.

        | `type` | arguments | |
        |---|---|---|
        """);
    JsonNode described = examples.get("inits");
    Map<String, ObjectNode> schemas = new LinkedHashMap<>(Inits.schemas());
    schemas.keySet().removeAll(List.of("init", "initializer"));
    requireSame(List.copyOf(schemas.keySet()), described);
    schemas.forEach(
        (type, schema) ->
            page.append(
                "| `%s` | %s | %s |\n"
                    .formatted(
                        type, arguments(schema), described.get(type).get("says").stringValue())));
  }

  private static String arguments(JsonNode schema) {
    List<String> required =
        schema.get("required").valueStream().map(JsonNode::stringValue).toList();
    return schema.get("properties").properties().stream()
        .filter(argument -> !argument.getKey().equals("type"))
        .map(argument -> argument(argument, required.contains(argument.getKey())))
        .collect(Collectors.joining("; "));
  }

  private static String argument(Map.Entry<String, JsonNode> argument, boolean required) {
    JsonNode schema = argument.getValue();
    String otherwise =
        required
            ? ", required"
            : schema.has("default")
                ? " = `%s`".formatted(SchemaText.json(schema.get("default")))
                : "";
    return "`%s` (%s)%s".formatted(argument.getKey(), SchemaText.type(schema), otherwise);
  }
}
