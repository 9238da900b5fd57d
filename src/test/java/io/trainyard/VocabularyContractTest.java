package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.trainyard.models.inits.Inits;
import io.trainyard.models.layers.Layers;
import io.trainyard.shared.Json;
import io.trainyard.shared.Vocabulary;
import io.trainyard.training.losses.Losses;
import io.trainyard.training.optimizers.Optimizers;
import io.trainyard.training.schedulers.Schedulers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** openapi.yaml has the words that documents are read with, and their arguments. */
class VocabularyContractTest {
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  static Stream<Arguments> vocabularies() {
    return Stream.of(
        Arguments.of("Layer", Layers.VOCABULARY),
        Arguments.of("Loss", Losses.VOCABULARY),
        Arguments.of("Optimizer", Optimizers.VOCABULARY),
        Arguments.of("Scheduler", Schedulers.VOCABULARY));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vocabularies")
  void theContractKnowsTheSameWords(String name, Vocabulary<?> vocabulary) throws IOException {
    JsonNode schemas = components().get("schemas");
    Map<String, JsonNode> byType = new LinkedHashMap<>();
    for (JsonNode reference : schemas.get(name).get("oneOf")) {
      JsonNode schema = schemas.get(reference.get("$ref").stringValue().substring(21));
      byType.put(schema.at("/properties/type/const").stringValue(), schema);
    }
    assertThat(byType.keySet()).containsExactlyInAnyOrderElementsOf(vocabulary.types());

    for (String type : vocabulary.types()) {
      JsonNode kind = vocabulary.schema().get("$defs").get(type);
      JsonNode described = Objects.requireNonNull(byType.get(type));
      assertThat(names(described)).as(kind.get("title") + "").isEqualTo(names(kind));
      assertThat(described.get("required").toString())
          .as(kind.get("title") + "")
          .isEqualTo(kind.get("required").toString());
      for (Map.Entry<String, JsonNode> argument : kind.get("properties").properties()) {
        JsonNode there = described.get("properties").get(argument.getKey());
        JsonNode reference = there.path("$ref");
        JsonNode resolved =
            reference.isMissingNode() ? there : schemas.at(reference.stringValue().substring(20));
        assertThat(number(resolved.path("default")))
            .as(kind.get("title") + " " + argument.getKey())
            .isEqualTo(number(argument.getValue().path("default")));
      }
    }
  }

  @Test
  void theContractKnowsTheSameInits() throws IOException {
    JsonNode forms = components().at("/schemas/Initializer/anyOf");
    JsonNode schemas = Json.tree(Inits.schemas());
    JsonNode expected = schemas.get("initializer").get("anyOf");

    assertThat(forms.get(0)).isEqualTo(expected.get(0));
    assertThat(forms.size()).isEqualTo(expected.size());
    for (int i = 1; i < forms.size(); i++) {
      JsonNode kind = schemas.get(expected.get(i).get("$ref").stringValue().substring(8));
      JsonNode described = forms.get(i);
      assertThat(described.at("/properties/type")).isEqualTo(kind.at("/properties/type"));
      assertThat(names(described)).isEqualTo(names(kind));
      assertThat(described.get("required")).isEqualTo(kind.get("required"));
      for (String name : names(kind)) {
        JsonNode argument = kind.get("properties").get(name);
        JsonNode there = described.get("properties").get(name);
        for (String word : List.of("default", "minimum", "exclusiveMinimum", "maximum")) {
          // The registry writes out how large an int can be.
          if (!argument.path(word).toString().equals("" + Integer.MAX_VALUE)) {
            assertThat(number(there.path(word)))
                .as("%s %s %s", kind.get("title"), name, word)
                .isEqualTo(number(argument.path(word)));
          }
        }
      }
    }
  }

  /** What is read as left out is also answered, as a part of a job's document. */
  @Test
  void whatMayBeLeftOutMayBeNull() throws IOException {
    ObjectNode components = components();
    JsonNode schemas = components.get("schemas");
    Set<String> kinds = new TreeSet<>();
    vocabularies()
        .flatMap(v -> schemas.get((String) v.get()[0]).get("oneOf").valueStream())
        .forEach(reference -> kinds.add(reference.get("$ref").stringValue().substring(1)));
    for (int i = 1; i < schemas.at("/Initializer/anyOf").size(); i++) {
      kinds.add("/components/schemas/Initializer/anyOf/" + i);
    }
    for (String kind : kinds) {
      JsonNode described = components.at(kind.substring("/components".length()));
      List<JsonNode> required = described.get("required").valueStream().toList();
      for (String name : names(described)) {
        if (!required.contains(Json.tree(name))) {
          ObjectNode schema = Json.object().put("$ref", "#%s/properties/%s".formatted(kind, name));
          schema.set("components", components);
          assertThat(REGISTRY.getSchema(schema).validate(Json.MAPPER.nullNode()))
              .as("%s %s", kind, name)
              .isEmpty();
        }
      }
    }
  }

  private static ObjectNode components() throws IOException {
    return Json.tree(new Yaml().<Object>load(Files.readString(Path.of("openapi.yaml"))))
        .get("components")
        .asObject();
  }

  private static List<String> names(JsonNode kind) {
    return kind.get("properties").propertyNames().stream().sorted().toList();
  }

  /** 0 and 0.0 are the same default. */
  private static Object number(JsonNode value) {
    return value.isNumber() ? (Object) value.doubleValue() : value.toString();
  }
}
