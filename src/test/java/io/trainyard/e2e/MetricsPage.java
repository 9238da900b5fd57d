package io.trainyard.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The list of metrics in the docs, and that of a scrape, in one form: "gauge by job_id, split". */
final class MetricsPage {
  static final Path FILE = Path.of("docs", "metrics.md");

  private static final Pattern ROW =
      Pattern.compile("\\| `(trainyard_\\w+)` \\| (\\w+) \\| ([\\w, ]*?) ?\\|.*");
  private static final Pattern TYPE = Pattern.compile("# TYPE (trainyard_\\w+) (\\w+)");
  private static final Pattern SAMPLE = Pattern.compile("(trainyard_\\w+)(?:\\{(.*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

  private MetricsPage() {}

  static Map<String, String> documented() {
    Map<String, String> families = new TreeMap<>();
    try {
      for (String line : Files.readAllLines(FILE)) {
        Matcher row = ROW.matcher(line);
        if (row.matches()) {
          families.put(row.group(1), described(row.group(2), labels(row.group(3))));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return families;
  }

  private static Set<String> labels(String cell) {
    Set<String> labels = new TreeSet<>(Set.of(cell.split(", ")));
    labels.remove("");
    return labels;
  }

  static Map<String, String> families(String scrape) {
    Map<String, String> types = new TreeMap<>();
    Map<String, Set<String>> labels = new TreeMap<>();
    for (String line : scrape.lines().toList()) {
      Matcher type = TYPE.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (type.matches()) {
        types.put(type.group(1), type.group(2));
      } else if (sample.matches()) {
        String name = sample.group(1);
        String family =
            types.containsKey(name) ? name : name.replaceFirst("_(bucket|count|sum)$", "");
        if (sample.group(2) != null) {
          Matcher label = LABEL.matcher(sample.group(2));
          while (label.find()) {
            labels.computeIfAbsent(family, f -> new TreeSet<>()).add(label.group(1));
          }
        }
      }
    }
    Map<String, String> families = new TreeMap<>();
    types.forEach(
        (name, type) -> {
          Set<String> own = labels.getOrDefault(name, new TreeSet<>());
          own.remove("le"); // every histogram's
          families.put(name, described(type, own));
        });
    return families;
  }

  private static String described(String type, Set<String> labels) {
    return labels.isEmpty() ? type : type + " by " + String.join(", ", labels);
  }
}
