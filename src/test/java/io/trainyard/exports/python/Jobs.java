package io.trainyard.exports.python;

import io.trainyard.datasets.DatasetDescriptor;
import io.trainyard.shared.Json;
import io.trainyard.training.JobDocument;
import io.trainyard.training.References;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Job documents to write programs of. */
public final class Jobs {
  private Jobs() {}

  public static JsonNode json(String text) {
    return Json.read(text.getBytes(StandardCharsets.UTF_8));
  }

  static JsonNode resource(String name) throws IOException {
    try (InputStream in = Jobs.class.getResourceAsStream(name)) {
      return Json.read(Objects.requireNonNull(in).readAllBytes());
    }
  }

  /** Reads a document whose model is inline. */
  public static JobDocument read(JsonNode document, @Nullable DatasetDescriptor dataset) {
    return JobDocument.read(
        document,
        new References() {
          @Override
          public @Nullable StoredModel model(String reference) {
            return null;
          }

          @Override
          public @Nullable StoredDataset dataset(String reference) {
            return dataset == null ? null : new StoredDataset(reference, dataset.shape());
          }
        });
  }

  /** The program of a document with an inline dataset. */
  public static String script(JsonNode document) {
    return PythonProgram.of("A job as a PyTorch program.", document, read(document, null), null);
  }
}
