package io.trainyard.exports.python;

import io.trainyard.datasets.ArraysDescriptor;
import io.trainyard.datasets.CsvDescriptor;
import io.trainyard.datasets.DataSource;
import io.trainyard.datasets.DatasetDescriptor;
import io.trainyard.datasets.FileSpec;
import io.trainyard.datasets.Normalization;
import io.trainyard.datasets.SyntheticDescriptor;
import io.trainyard.datasets.SyntheticSpec;
import io.trainyard.expressions.Expression;
import io.trainyard.expressions.ExpressionException;
import io.trainyard.training.JobDocument;
import io.trainyard.training.losses.Losses;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The PyTorch program that a job document stands for: run under torch 1.13 it prints the losses
 * that the job has here.
 */
public final class PythonProgram {
  private static final String CUSTOM = "Custom";

  private final String title;
  private final JsonNode document;
  private final JobDocument job;
  private final @Nullable DatasetDescriptor dataset;

  private PythonProgram(
      String title, JsonNode document, JobDocument job, @Nullable DatasetDescriptor dataset) {
    this.title = title;
    this.document = document;
    this.job = job;
    this.dataset = dataset;
  }

  /**
   * Writes the program.
   *
   * @param title what the program is, for its first line
   * @param document with its model inline and a seed
   * @param job the same, read
   * @param dataset the stored dataset; null where the document has an inline one
   * @return Python text
   */
  public static String of(
      String title, JsonNode document, JobDocument job, @Nullable DatasetDescriptor dataset) {
    return new PythonProgram(title, document, job, dataset).text();
  }

  private String text() {
    ModelText model = new ModelText(job.model(), document.get("model").get("layers"));
    TrainingText training = new TrainingText(document, job);
    Source body = new Source();
    body.addAll(training.constants());
    body.addAll(data());
    body.addAll(model.classes()).addAll(model.builder());
    if (isCustomLoss()) {
      body.apart().add(0, "def loss_fn(y_pred, y):").add(1, "return " + customLoss());
    }
    FileSpec file = dataset == null ? null : dataset.file();
    Normalization scaling = file == null ? Normalization.NONE : file.normalize();
    boolean scales = scaling != Normalization.NONE;
    if (scales) {
      statistics(body, scaling);
    }
    if (training.evaluates()) {
      body.addAll(training.evaluation());
    }
    main(body, training, file, scales);
    return header(body.text(), file).addAll(body).text();
  }

  private Source data() {
    if (dataset instanceof CsvDescriptor csv) {
      return DataText.csv(csv, job.target());
    }
    return dataset instanceof ArraysDescriptor arrays
        ? ArraysText.of(arrays, job.target())
        : DataText.synthetic(synthetic());
  }

  private SyntheticSpec synthetic() {
    DataSource inline = job.data();
    if (inline instanceof SyntheticSpec spec) {
      return spec;
    }
    if (dataset instanceof SyntheticDescriptor stored) {
      return stored.spec();
    }
    throw new IllegalArgumentException("rows of this kind cannot be made by a program");
  }

  private boolean isCustomLoss() {
    return document.get("loss").get("type").stringValue().equals(CUSTOM);
  }

  private String customLoss() {
    try {
      String text = document.get("loss").get("expression").stringValue();
      return Expression.parse(text, List.of("y_pred", "y")).python(name -> name);
    } catch (ExpressionException e) {
      throw new IllegalArgumentException("the document was not checked", e);
    }
  }

  private Source header(String body, @Nullable FileSpec file) {
    Source source = new Source().add(0, "#!/usr/bin/env python3");
    source.add(0, "\"\"\"" + title);
    source.blank();
    if (file != null) {
      String files = String.join(" ", file.parts()).toUpperCase(Locale.ROOT);
      source.add(1, "python3 script.py " + files).blank();
      source.add(
          0,
          file.parts().size() == 1
              ? "FILE is the dataset as it was uploaded."
              : "FILE and LABELS are the dataset as it was uploaded.");
    }
    source.add(
        0,
        "Prints the losses of the job, epoch by epoch. It needs torch "
            + (body.contains("numpy.") ? "and NumPy; torch" : "alone,")
            + " 1.13 or newer.");
    if (document.get("optimizer").get("type").stringValue().equals("NAdam")) {
      source.add(0, "NAdam is torch 1.13's; later releases differ from it in the fifth digit.");
    }
    source.add(0, "\"\"\"");
    TreeSet<String> imports = new TreeSet<>();
    for (String module : List.of("copy", "csv", "gzip", "io", "math", "numpy", "sys")) {
      if (body.contains(module + ".")) {
        imports.add(module);
      }
    }
    imports.forEach(module -> source.add(0, "import " + module));
    if (!imports.isEmpty()) {
      source.blank();
    }
    source.add(0, "import torch").add(0, "from torch import nn");
    source.addIf(body.contains("F."), 0, "from torch.nn import functional as F");
    return source.blank();
  }

  private static void statistics(Source source, Normalization kind) {
    boolean standard = kind == Normalization.STANDARD;
    source.apart().add(0, "def statistics(x):");
    source.add(
        1,
        standard
            ? "\"\"\"Mean and standard deviation of each input; 0 and 1 where it is always the same.\"\"\""
            : "\"\"\"Minimum and range of each input; the range is 1 where it is always the same.\"\"\"");
    source.add(1, "x = x.double()").add(1, "low, high = x.amin(0), x.amax(0)");
    source.add(1, "constant = low == high");
    if (standard) {
      source.add(1, "offset = torch.where(constant, low, x.mean(0))");
      source.add(1, "scale = x.std(0, unbiased=False).masked_fill(constant, 1)");
    } else {
      source.add(1, "offset, scale = low, (high - low).masked_fill(constant, 1)");
    }
    source.add(1, "return offset.float(), scale.float()");
  }

  private void main(Source source, TrainingText training, @Nullable FileSpec file, boolean scales) {
    String files = file == null ? "" : String.join(", ", file.parts());
    source.apart().add(0, "def main(%s):".formatted(files));
    source.add(1, "x, y = load_data(%s)".formatted(files));
    long seed = job.options().seed();
    boolean splits = job.options().validationFraction() > 0;
    if (splits) {
      source.blank().add(1, "torch.manual_seed(" + seed + ")");
      source.add(1, "order = torch.randperm(len(x))");
      long train = job.split().train();
      source.add(1, "train, validation = order[:%d], order[%d:]".formatted(train, train));
      source.add(1, "x_val, y_val = x[validation], y[validation]");
      source.add(1, "x, y = x[train], y[train]");
    }
    if (scales) {
      source.add(1, "offset, scale = statistics(x)");
      source.add(1, "x = (x - offset) / scale");
      source.addIf(splits, 1, "x_val = (x_val - offset) / scale");
    }
    source.blank().add(1, "torch.manual_seed(" + seed + ")").add(1, "model = build_model()");
    if (!isCustomLoss()) {
      JsonNode loss = document.get("loss");
      String type = loss.get("type").stringValue();
      source.add(
          1, "loss_fn = " + Call.named("nn." + type, Losses.VOCABULARY.arguments(type), loss));
    }
    source.addAll(training.optimization());
    source.blank().addAll(training.epochs()).add(1, "return model");
    source.apart().add(0, "if __name__ == \"__main__\":");
    source.add(1, file == null ? "main()" : "main(*sys.argv[1:])");
  }
}
