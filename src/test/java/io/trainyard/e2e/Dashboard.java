package io.trainyard.e2e;

import io.trainyard.shared.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The Grafana dashboard, as the queries that Grafana would send. */
final class Dashboard {
  static final Path FILE = Path.of("helm/trainyard/dashboards/trainyard.json");

  private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");
  private static final Pattern QUERY_RESULT = Pattern.compile("query_result\\((.+)\\)");

  /**
   * A query.
   *
   * @param label whose values are asked for, else null
   */
  record Query(String where, String expression, boolean instant, @Nullable String label) {}

  private final JsonNode root;

  Dashboard() throws IOException {
    this.root = Json.MAPPER.readTree(Files.readString(FILE));
  }

  JsonNode root() {
    return root;
  }

  List<Query> queries() {
    List<Query> queries = new ArrayList<>();
    for (JsonNode variable : root.at("/templating/list")) {
      if (variable.get("type").stringValue().equals("query")) {
        queries.add(variable(variable));
      }
    }
    for (JsonNode annotation : root.at("/annotations/list")) {
      if (annotation.has("expr")) {
        queries.add(query("annotation " + name(annotation), annotation, false));
      }
    }
    for (JsonNode panel : root.get("panels")) {
      for (JsonNode target : panel.path("targets")) {
        String where = panel.get("title").stringValue() + " " + target.get("refId").stringValue();
        queries.add(query(where, target, target.path("instant").asBoolean(false)));
      }
    }
    return queries;
  }

  private static Query variable(JsonNode variable) {
    String text = variable.at("/query/query").stringValue();
    String where = "variable " + name(variable);
    Matcher labels = LABEL_VALUES.matcher(text);
    if (labels.matches()) {
      return new Query(where, substituted(labels.group(1)), true, labels.group(2));
    }
    Matcher result = QUERY_RESULT.matcher(text);
    if (result.matches()) {
      return new Query(where, substituted(result.group(1)), true, null);
    }
    throw new IllegalArgumentException(text);
  }

  private static Query query(String where, JsonNode target, boolean instant) {
    return new Query(where, substituted(target.get("expr").stringValue()), instant, null);
  }

  private static String name(JsonNode node) {
    return node.get("name").stringValue();
  }

  /**
   * As Grafana does it with "All" chosen. With a scrape a second its rate interval would be 4 s; a
   * rate over 15 s is there even when a busy machine lets several scrapes time out.
   */
  private static String substituted(String expression) {
    String query =
        expression
            .replace("$__rate_interval", "15s")
            .replace("$__range", "10m")
            .replaceAll("\\$(instance|state|job_name|job_id)\\b", ".*");
    if (query.contains("$")) {
      throw new IllegalArgumentException("an unknown variable: " + query);
    }
    return query;
  }
}
