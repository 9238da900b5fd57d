package io.trainyard.expressions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** docs/expressions.md has every operator. */
class OperatorTableTest {

  @Test
  void theDocumentHasTheTableOfOperators() throws IOException {
    String table = table();
    Files.writeString(Path.of("target/operators.md"), table);
    assertThat(Files.readString(Path.of("docs/expressions.md"))).endsWith(table);
  }

  private static String table() {
    Map<String, List<Operator>> groups = new LinkedHashMap<>();
    groups.put("Number by number", Elementwise.OPERATORS);
    groups.put("Reductions, and along a dimension", Reductions.OPERATORS);
    groups.put("Products", Products.OPERATORS);
    groups.put("Shapes", Views.OPERATORS);
    groups.put("Parts and joins", Parts.OPERATORS);
    groups.put("Types, constants, detach", Conversions.OPERATORS);
    groups.put("Losses", LossFunctions.OPERATORS);
    StringBuilder text = new StringBuilder();
    groups.forEach(
        (title, operators) -> {
          text.append("### ").append(title).append("\n\n");
          text.append("| operator | shapes | gradient |\n|---|---|---|\n");
          for (Operator operator : operators) {
            text.append(
                "| `%s` | %s | %s |\n"
                    .formatted(operator.signature(), operator.shapes(), gradient(operator)));
          }
          text.append("\n");
        });
    return text.toString().stripTrailing() + "\n";
  }

  private static String gradient(Operator operator) {
    return switch (operator.gradient()) {
      case ALL -> "torch's";
      case FIRST -> "of the first argument";
      case NONE -> "none";
    };
  }
}
