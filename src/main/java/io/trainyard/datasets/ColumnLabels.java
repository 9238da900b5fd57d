package io.trainyard.datasets;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The different texts of a column, up to a limit past which none is kept. */
final class ColumnLabels {

  /** Characters that the labels of several columns may have together. */
  static final class Budget {
    private int left = Limits.LABELS_LENGTH;
  }

  private final int limit;
  private final Budget budget;
  private final Set<String> labels = new HashSet<>();
  private @Nullable String excess;

  ColumnLabels(int limit, Budget budget) {
    this.limit = limit;
    this.budget = budget;
  }

  void add(long line, String text) {
    if (excess != null || !labels.add(text)) {
      return;
    }
    budget.left -= text.length();
    if (labels.size() > limit) {
      excess = "it has more than " + limit + " different classes";
    } else if (text.length() > Limits.LABEL_LENGTH) {
      excess = "line " + line + " has a class of more than " + Limits.LABEL_LENGTH + " characters";
    } else if (budget.left < 0) {
      excess =
          "the classes of the file have more than " + Limits.LABELS_LENGTH + " characters together";
    }
    if (excess != null) {
      forget();
    }
  }

  /** Gives back what the labels take. */
  void forget() {
    labels.forEach(label -> budget.left += label.length());
    labels.clear();
  }

  boolean isEmpty() {
    return labels.isEmpty();
  }

  /** What is too much, or null. */
  @Nullable String excess() {
    return excess;
  }

  /** By UTF-16 code units, the same everywhere whatever the locale. */
  List<String> sorted() {
    return labels.stream().sorted().toList();
  }
}
