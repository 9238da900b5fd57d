package io.trainyard.exports.python;

import io.trainyard.shared.PythonText;
import io.trainyard.training.JobDocument;
import io.trainyard.training.JobOptions;
import io.trainyard.training.TrainingPlan.EarlyStopping;
import io.trainyard.training.TrainingPlan.GradientClipping;
import io.trainyard.training.optimizers.Optimizers;
import io.trainyard.training.schedulers.Schedulers;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The loop of a training: {@code train(model, …)} and what it calls. */
record TrainingText(JsonNode document, JobDocument job) {
  private static final String PLATEAU = "ReduceLROnPlateau";

  private JobOptions options() {
    return job.options();
  }

  private boolean validates() {
    return options().validationFraction() > 0;
  }

  private boolean measures() {
    return options().metrics().contains("accuracy");
  }

  /** Whether an epoch ends with a look at rows in evaluation mode. */
  boolean evaluates() {
    return validates() || measures();
  }

  /** The size of batches, of which the rows that train are the most. */
  private long batch() {
    Integer batch = options().batchSize();
    long rows = job.split().train();
    return batch == null ? rows : Math.min(batch, rows);
  }

  /** {@code evaluate(model, x, y)}. */
  Source evaluation() {
    Source source = new Source().apart().add(0, "def evaluate(model, loss_fn, x, y):");
    source.add(
        1,
        "\"\"\"The loss%s in evaluation mode.\"\"\"".formatted(measures() ? " and accuracy" : ""));
    source.add(1, "model.eval()");
    source.add(1, measures() ? "total, hits = 0.0, 0" : "total = 0.0");
    source.add(1, "with torch.no_grad():");
    source.add(2, "for i in range(0, len(x), BATCH_SIZE):");
    source.add(3, "y_pred, target = model(x[i : i + BATCH_SIZE]), y[i : i + BATCH_SIZE]");
    String weight = job.loss().summed() ? "" : " * len(target)";
    source.add(3, "total += loss_fn(y_pred, target).item()" + weight);
    source.addIf(measures(), 3, "hits += (y_pred.argmax(1) == target).sum().item()");
    String loss = job.loss().summed() ? "total" : "total / len(x)";
    return source.add(1, "return " + loss + (measures() ? ", hits / len(x)" : ""));
  }

  /** The constants that the program begins with. */
  Source constants() {
    return new Source().add(0, "EPOCHS = " + options().epochs()).add(0, "BATCH_SIZE = " + batch());
  }

  /** {@code optimizer = …} and {@code scheduler = …}. */
  Source optimization() {
    JsonNode optimizer = document.get("optimizer");
    String type = optimizer.get("type").stringValue();
    ObjectNode arguments = (ObjectNode) optimizer.deepCopy();
    if (arguments.path("lr").isMissingNode() || arguments.get("lr").isNull()) {
      arguments.put("lr", job.optimizer().lr()); // torch 1.13's SGD has no default
    }
    if (missing().maximize()) {
      arguments.remove("maximize");
    }
    if (missing().decay() != null) {
      arguments.remove("weight_decay");
    }
    arguments.remove("decoupled_weight_decay");
    Source source = new Source();
    source.add(
        1,
        "optimizer = "
            + Call.named(
                "torch.optim." + type,
                Optimizers.VOCABULARY.arguments(type),
                arguments,
                "model.parameters()"));
    JsonNode scheduler = document.path("scheduler");
    if (scheduler.isObject()) {
      String name = scheduler.get("type").stringValue();
      source.add(
          1,
          "scheduler = "
              + Call.named(
                  "torch.optim.lr_scheduler." + name,
                  Schedulers.VOCABULARY.arguments(name),
                  scheduler,
                  "optimizer"));
    }
    return source;
  }

  /**
   * What torch 1.13's optimizer lacks and the loop does in its place.
   *
   * @param decay the weight decay that shrinks the parameters; null if there is none
   */
  private record Missing(boolean maximize, @Nullable Double decay) {}

  private Missing missing() {
    JsonNode optimizer = document.get("optimizer");
    String type = optimizer.get("type").stringValue();
    if (!type.equals("NAdam") && !type.equals("RAdam")) {
      return new Missing(false, null);
    }
    double decay = optimizer.path("weight_decay").asDouble(0);
    boolean decoupled = optimizer.path("decoupled_weight_decay").asBoolean(false) && decay != 0;
    return new Missing(
        optimizer.path("maximize").asBoolean(false), decoupled ? (Double) decay : null);
  }

  /** The epochs, as lines of {@code main}. */
  Source epochs() {
    EarlyStopping stopping = options().earlyStopping();
    Source source = new Source();
    if (stopping != null) {
      String more = stopping.restoreBest() ? ", best, best_state" : "";
      String infinity = stopping.restoreBest() ? ", math.inf, None" : "";
      source.add(1, "waited, reference%s = 0, math.inf%s".formatted(more, infinity));
    }
    source.add(1, "for epoch in range(1, EPOCHS + 1):").add(2, "model.train()");
    source.addIf(options().shuffle(), 2, "order = torch.randperm(len(x))");
    source.add(2, "total = 0.0").add(2, "for i in range(0, len(x), BATCH_SIZE):");
    String rows = options().shuffle() ? "order[i : i + BATCH_SIZE]" : "slice(i, i + BATCH_SIZE)";
    source.add(3, "rows = " + rows).add(3, "target = y[rows]");
    source.add(3, "loss = loss_fn(model(x[rows]), target)");
    source.add(3, "optimizer.zero_grad()").add(3, "loss.backward()");
    clipping(source);
    lacking(source);
    source.add(3, "optimizer.step()");
    source.add(3, "total += loss.item()" + (job.loss().summed() ? "" : " * len(target)"));
    source.add(2, "train_loss = total" + (job.loss().summed() ? "" : " / len(x)"));
    if (evaluates()) {
      String loss = validates() ? "validation_loss" : "_";
      String of = validates() ? "x_val, y_val" : "x, y";
      source.add(
          2,
          "%s = evaluate(model, loss_fn, %s)"
              .formatted(measures() ? loss + ", accuracy" : loss, of));
    }
    source.add(
        2,
        "print(f\"Epoch {epoch}/{EPOCHS}  loss {train_loss:.8g}%s%s\")"
            .formatted(
                validates() ? "  val {validation_loss:.8g}" : "",
                measures() ? "  accuracy {accuracy:.8g}" : ""));
    JsonNode scheduler = document.path("scheduler");
    if (scheduler.isObject()) {
      boolean watches = scheduler.get("type").stringValue().equals(PLATEAU);
      String watched = validates() ? "validation_loss" : "train_loss";
      source.add(2, "scheduler.step(" + (watches ? watched : "") + ")");
    }
    if (stopping != null) {
      stopping(source, stopping);
    }
    return source;
  }

  private void clipping(Source source) {
    GradientClipping clipping = options().gradientClipping();
    if (clipping != null && clipping.maxNorm() != null) {
      source.add(
          3,
          "nn.utils.clip_grad_norm_(model.parameters(), %s)"
              .formatted(PythonText.of(clipping.maxNorm())));
    } else if (clipping != null) {
      source.add(
          3,
          "nn.utils.clip_grad_value_(model.parameters(), %s)"
              .formatted(PythonText.of(clipping.clipValue())));
    }
  }

  private void lacking(Source source) {
    Missing missing = missing();
    if (!missing.maximize() && missing.decay() == null) {
      return;
    }
    source.add(3, "with torch.no_grad():  # what the optimizer has an argument for since torch 2");
    source.add(4, "for p in [p for p in model.parameters() if p.grad is not None]:");
    source.addIf(missing.maximize(), 5, "p.grad.neg_()");
    if (missing.decay() != null) {
      source.add(
          5,
          "p.mul_(1 - optimizer.param_groups[0][\"lr\"] * %s)"
              .formatted(PythonText.of(missing.decay())));
    }
  }

  private static void stopping(Source source, EarlyStopping stopping) {
    String watched = stopping.monitor();
    String bound = stopping.minDelta() == 0 ? "" : " - " + PythonText.of(stopping.minDelta());
    source.add(2, "if %s < reference%s:".formatted(watched, bound));
    source.add(3, "waited, reference = 0, " + watched);
    source.add(2, "else:").add(3, "waited += 1");
    if (stopping.restoreBest()) {
      source.add(2, "if " + watched + " < best:");
      source.add(3, "best, best_state = %s, copy.deepcopy(model.state_dict())".formatted(watched));
    }
    source.add(2, "if waited >= " + Math.max(1, stopping.patience()) + ":").add(3, "break");
    source.addIf(stopping.restoreBest(), 1, "if best_state is not None:");
    source.addIf(stopping.restoreBest(), 2, "model.load_state_dict(best_state)");
  }
}
