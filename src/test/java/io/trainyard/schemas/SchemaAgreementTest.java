package io.trainyard.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.trainyard.models.layers.Layers;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Vocabulary;
import io.trainyard.training.losses.Losses;
import io.trainyard.training.optimizers.Optimizers;
import io.trainyard.training.schedulers.Schedulers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a schema accepts, the service reads; what it refuses, the service refuses. */
class SchemaAgreementTest {
  /** Tried as every argument of every kind, one at a time, beside required ones that are good. */
  private static final List<String> VALUES =
      List.of(
          "null, true, -1, 0, 1, 2, 3.0, 0.5, -0.5, 0.999, 1.5, 3000000000, 'mean', 'nonsense', ''",
          "[], [0], [1], [2, 2], [0, 2], [-1, 2], [-1, -1], [0.5, 0.25], [0.5, 1], [1, 2, 3], ['a']",
          "{}, {'type': 'mean'}");

  /** Tried as the argument {@code init}. */
  private static final List<String> INITS =
      List.of(
          "null, true, 0, 0.5, [], ['ones'], {}, 'Ones', {'weight': 'ones'}, {'type': 'zeros', 'bias': 'ones'}",
          "'ones', 'ones_', 'constant', 'constant_', {'type': 'constant', 'val': 1}",
          "{'type': 'constant'}, {'type': 'normal_', 'std': -1}, {'type': 'normal', 'mean': null}",
          "{'weight': {'type': 'uniform', 'a': -1}, 'bias': 'zeros_'}, {'weight': 1}, {'weight': null}");

  private static final Map<String, String> REQUIRED =
      Map.of(
          "kernel_size", "5",
          "dim", "1",
          "milestones", "[2]",
          "unflattened_size", "[2, 2]",
          "forward", "'x'",
          "expression", "'(y_pred - y).sum()'");

  /** What only the reader sees: one argument's bounds that follow from another's value. */
  private static final List<String> RELATIONS =
      List.of(
          "multiple of groups",
          "half of kernel_size",
          "a stride of 1",
          "needs a momentum",
          "above min_val",
          "the layer's parameters are",
          "the layer has no parameters",
          "column ",
          "there is no such input");

  static Stream<Arguments> vocabularies() {
    return Stream.of(
        Arguments.of("layers", Layers.VOCABULARY),
        Arguments.of("losses", Losses.VOCABULARY),
        Arguments.of("optimizers", Optimizers.VOCABULARY),
        Arguments.of("schedulers", Schedulers.VOCABULARY));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vocabularies")
  void schemaAndReaderAgree(String name, Vocabulary<?> vocabulary) {
    ObjectNode description = vocabulary.schema();
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(description);
    List<String> disagreements = new ArrayList<>();
    for (String type : vocabulary.types()) {
      JsonNode kind = description.get("$defs").get(type);
      int accepted = 0;
      int refused = 0;
      for (ObjectNode document : documents(type, kind)) {
        Errors errors = new Errors();
        boolean read = reads(vocabulary, document, errors);
        boolean valid = schema.validate(document).isEmpty();
        if (read != valid && !isRelation(errors)) {
          disagreements.add((read ? "read: " : "refused: ") + document + problem(errors));
        }
        accepted += valid ? 1 : 0;
        refused += valid ? 0 : 1;
      }
      assertThat(accepted).as("%s: accepted", type).isPositive();
      assertThat(refused).as("%s: refused", type).isPositive();
    }
    assertThat(disagreements).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vocabularies")
  void theSchemaIsOneItself(String name, Vocabulary<?> vocabulary) {
    Schema metaschema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(
                com.networknt.schema.SchemaLocation.of(
                    "https://json-schema.org/draft/2020-12/schema"));

    assertThat(metaschema.validate(vocabulary.schema())).isEmpty();
  }

  private static List<ObjectNode> documents(String type, JsonNode kind) {
    ObjectNode plain = Json.object().put("type", type);
    for (JsonNode required : kind.get("required")) {
      String name = required.stringValue();
      if (!name.equals("type")) {
        plain.set(name, json(REQUIRED.getOrDefault(name, "4")));
      }
    }
    ObjectNode complete = plain.deepCopy();
    List<ObjectNode> documents = new ArrayList<>(List.of(plain, complete));
    documents.add(plain.deepCopy().put("unknown", 1));
    documents.add(plain.deepCopy().put("type", "Nothing"));
    for (Map.Entry<String, JsonNode> argument : kind.get("properties").properties()) {
      String name = argument.getKey();
      JsonNode described = argument.getValue();
      ObjectNode without = plain.deepCopy();
      without.remove(name);
      documents.add(without);
      if (described.has("default")) {
        complete.set(name, described.get("default"));
      }
      List<JsonNode> values = new ArrayList<>();
      (name.equals("init") ? INITS : VALUES)
          .forEach(list -> json("[" + list + "]").forEach(values::add));
      described.path("enum").forEach(values::add);
      for (String bound : List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")) {
        if (described.has(bound)) {
          double at = described.get(bound).doubleValue();
          Stream.of(at, at - 1, at + 1, at - 0.01, at + 0.01).map(Json::tree).forEach(values::add);
        }
      }
      for (JsonNode value : values) {
        ObjectNode document = plain.deepCopy();
        document.set(name, value);
        documents.add(document);
      }
    }
    return documents;
  }

  private static boolean reads(Vocabulary<?> vocabulary, ObjectNode document, Errors errors) {
    if (vocabulary == Layers.VOCABULARY) {
      ObjectNode model = Json.object();
      model.putArray("layers").add(document);
      return io.trainyard.models.ModelDefinition.read(model, "", errors) != null;
    }
    return vocabulary.read(document, "", errors) != null;
  }

  private static boolean isRelation(Errors errors) {
    return RELATIONS.stream().anyMatch(problem(errors)::contains);
  }

  private static String problem(Errors errors) {
    try {
      errors.throwIfAny();
      return "";
    } catch (io.trainyard.shared.Problem e) {
      return " " + e.getMessage();
    }
  }

  private static JsonNode json(String text) {
    return Json.MAPPER.readTree(text.replace('\'', '"'));
  }
}
