package io.trainyard.training.djl;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The largest deviations from torch, case by case: docs/parity.md. */
final class ParityTable {
  static final Path FILE = Path.of("docs", "parity.md");

  /** With this system property the file is written anew. */
  static final String WRITE = "trainyard.parity.write";

  private static final List<String> COLUMNS =
      List.of("train_loss", "lr", "parameters", "predictions");
  private static final String HEAD =
      """
      # Parity with torch

      Each row is a job of [cases.json](../src/test/resources/reference/cases.json) or of that in
      [custom](../src/test/resources/custom/cases.json), trained by this service's engine and by torch %s (`expected.json`
      beside it). The numbers are the largest relative deviations, rounded up to one digit: of the loss and the learning rate
      over all epochs, of each final parameter tensor and of predictions as a whole (the largest difference through the largest
      number). The test allows 1e-5 of a loss, and of every other number 1e-5, 2e-6 and 1e-6 of the largest. Where a cell is
      empty, the reference has no such numbers.

      Written by `mvn test -Dtest=TorchParityTest -D%s=true`.

      | case | %s |
      |---|%s
      """;

  private final Map<String, Map<String, Double>> rows = new LinkedHashMap<>();

  /** Notes how far a tensor is from torch's, beside what of its kind was noted before. */
  void add(String name, String column, List<Double> actual, List<Double> expected) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.size(); i++) {
      largest = Math.max(largest, Math.abs(expected.get(i)));
      difference = Math.max(difference, Math.abs(actual.get(i) - expected.get(i)));
    }
    note(name, column, difference == 0 ? 0 : difference / largest);
  }

  /** The same for numbers that stand for themselves. */
  void addEach(String name, String column, List<Double> actual, List<Double> expected) {
    for (int i = 0; i < expected.size(); i++) {
      add(name, column, List.of(actual.get(i)), List.of(expected.get(i)));
    }
  }

  private void note(String name, String column, double deviation) {
    rows.computeIfAbsent(name, key -> new TreeMap<>()).merge(column, deviation, Math::max);
  }

  /** The cases with the largest deviations of a loss. */
  String worst(int count) {
    return rows.entrySet().stream()
        .sorted(Comparator.comparing(row -> -row.getValue().getOrDefault(COLUMNS.get(0), 0.0)))
        .limit(count)
        .map(row -> row(row.getKey()))
        .collect(Collectors.joining("\n"));
  }

  void write(String torch) throws IOException {
    String head =
        HEAD.formatted(torch, WRITE, String.join(" | ", COLUMNS), "---|".repeat(COLUMNS.size()));
    String body = rows.keySet().stream().map(this::row).collect(Collectors.joining("\n"));
    Files.writeString(FILE, head + body + "\n");
  }

  private String row(String name) {
    Map<String, Double> row = rows.getOrDefault(name, Map.of());
    return COLUMNS.stream()
        .map(column -> row.containsKey(column) ? roundedUp(row.get(column)) : "")
        .collect(Collectors.joining(" | ", "| " + name + " | ", " |"));
  }

  private static String roundedUp(double deviation) {
    BigDecimal digit = new BigDecimal(deviation).round(new MathContext(1, RoundingMode.UP));
    return deviation == 0 ? "0" : String.format(Locale.ROOT, "%.0e", digit);
  }

  /** The cases that the file has. */
  static List<String> written() throws IOException {
    return Files.readAllLines(FILE).stream()
        .filter(line -> line.startsWith("| ") && !line.startsWith("| case "))
        .map(line -> line.split("\\|")[1].strip())
        .toList();
  }
}
