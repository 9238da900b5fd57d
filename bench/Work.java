import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One job: a document of {@code bench/rows} with an optimizer.
 *
 * @param steps per epoch
 */
record Work(String row, String optimizer, String document, int epochs, int steps) {
  private static final int MIN_EPOCHS = 4;
  private static final int MAX_SKIPPED = 3;

  static Work read(String row, String optimizer, double epochsScale) throws IOException {
    String text = Files.readString(Path.of("bench", "rows", row + ".json"));
    int epochs = (int) Math.round(Text.number(text, "epochs") * epochsScale);
    epochs = Math.max(MIN_EPOCHS, epochs);
    text = text.replaceFirst("\"epochs\": \\d+", "\"epochs\": " + epochs);
    text = text.replaceFirst("\\{", "{\"optimizer\": " + optimizer + ",");
    int samples = (int) Text.number(text, "samples");
    boolean whole = text.contains("\"batch_size\": null");
    int batch = whole ? samples : (int) Text.number(text, "batch_size");
    String type = Text.find(optimizer, "\"type\": \"(\\w+)\"");
    return new Work(row, type, text, epochs, (samples + batch - 1) / batch);
  }

  /** Epochs at the start that do not count, the same on both sides: caches and paces settle. */
  int skipped() {
    return Math.min(MAX_SKIPPED, epochs / 3);
  }

  @Override
  public String toString() {
    return row + " " + optimizer;
  }
}
