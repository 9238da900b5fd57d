package io.trainyard.exports.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.Torch;
import io.trainyard.shared.Json;
import io.trainyard.training.Epoch;
import io.trainyard.training.JobDocument;
import io.trainyard.training.TrainedModel;
import io.trainyard.training.djl.DjlTrainingEngine;
import io.trainyard.training.djl.Recorder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Programs of jobs: their text, and what they print under torch. */
class PythonProgramTest {
  private static final double RELATIVE = 1e-5;
  private static final Pattern LINE =
      Pattern.compile("Epoch (\\d+)/\\d+  loss (\\S+)(?:  val (\\S+))?(?:  accuracy (\\S+))?");

  /** What the other tests' references leave out, as members of a small job. */
  private static final Map<String, String> MORE =
      Map.ofEntries(
          Map.entry("validation", "{\"validation\": {\"fraction\": 0.25}}"),
          Map.entry("accuracy of the training rows", "{\"metrics\": [\"accuracy\"]}"),
          Map.entry(
              "accuracy of the validation rows",
              "{\"metrics\": [\"accuracy\"], \"validation\": {\"fraction\": 0.25}, \"shuffle\": false}"),
          Map.entry(
              "early stopping",
              "{\"epochs\": 60, \"validation\": {\"fraction\": 0.5}, \"optimizer\": {\"type\": \"Adam\", \"lr\": 0.1},"
                  + "\"early_stopping\": {\"patience\": 3, \"min_delta\": 0.001, \"restore_best\": true}}"),
          Map.entry(
              "plateau",
              "{\"epochs\": 12, \"validation\": {\"fraction\": 0.5}, \"optimizer\": {\"type\": \"SGD\", \"lr\": 1.0},"
                  + "\"scheduler\": {\"type\": \"ReduceLROnPlateau\", \"patience\": 0, \"factor\": 0.5}}"),
          Map.entry("SGD without lr", "{\"optimizer\": {\"type\": \"SGD\"}}"),
          Map.entry(
              "NAdam with torch 2's arguments",
              "{\"optimizer\": {\"type\": \"NAdam\", \"maximize\": true, \"weight_decay\": 0.1,"
                  + "\"decoupled_weight_decay\": true}, \"epochs\": 3}"),
          Map.entry(
              "RAdam with torch 2's arguments",
              "{\"optimizer\": {\"type\": \"RAdam\", \"weight_decay\": 0.1, \"decoupled_weight_decay\": true}}"),
          Map.entry(
              "whole batches and numbers with a point",
              "{\"batch_size\": null, \"shuffle\": true, \"loss\": {\"type\": \"CrossEntropyLoss\","
                  + "\"weight\": [1, 2, 0.5], \"label_smoothing\": 0.1, \"reduction\": \"sum\"},"
                  + "\"model\": {\"layers\": [{\"type\": \"Linear\", \"in_features\": 4.0, \"out_features\": 3,"
                  + "\"bias\": null}, {\"type\": \"LayerNorm\", \"normalized_shape\": 3, \"bias\": false}]}}"),
          Map.entry(
              "inits",
              "{\"model\": {\"layers\": [{\"type\": \"Linear\", \"in_features\": 4, \"out_features\": 8,"
                  + "\"init\": {\"bias\": \"zeros\", \"weight\": {\"type\": \"kaiming_normal\", \"nonlinearity\": \"relu\"}}},"
                  + "{\"type\": \"PReLU\", \"init\": 0.1}, {\"type\": \"Linear\", \"in_features\": 8, \"out_features\": 3,"
                  + "\"init\": \"xavier_uniform_\"}]}}"),
          Map.entry(
              "names of Python",
              "{\"model\": {\"layers\": [{\"type\": \"Custom\", \"parameters\": {\"class\": [4, 3], \"ctx\": [3],"
                  + "\"training\": [3], \"grad_x\": [3], \"self\": [3]},"
                  + "\"forward\": \"x.mm(class) + ctx + training * grad_x + self\","
                  + "\"backward\": {\"class\": \"x.t().mm(grad_output)\", \"ctx\": \"grad_output\","
                  + "\"training\": \"grad_output * grad_x\", \"grad_x\": \"grad_output * training\"}},"
                  + "{\"type\": \"Custom\", \"parameters\": {\"while\": [3], \"forward\": [3]},"
                  + "\"forward\": \"torch.gelu(x * while) + forward\"}]}}"));

  @Test
  void readsAsAPersonWouldWriteIt() {
    JsonNode document = small("{\"validation\": {\"fraction\": 0.2}, \"metrics\": [\"accuracy\"]}");
    assertThat(Jobs.script(document))
        .isEqualTo(
            """
            #!/usr/bin/env python3
            \"""A job as a PyTorch program.

            Prints the losses of the job, epoch by epoch. It needs torch alone, 1.13 or newer.
            \"""
            import torch
            from torch import nn

            EPOCHS = 4
            BATCH_SIZE = 16


            def load_data():
                torch.manual_seed(5)
                x = torch.randn(60, 4)
                y = torch.randint(0, 3, (60,))
                return x, y


            def build_model():
                return nn.Sequential(
                    nn.Linear(4, 16),
                    nn.ReLU(),
                    nn.Linear(16, 3),
                )


            def evaluate(model, loss_fn, x, y):
                \"""The loss and accuracy in evaluation mode.\"""
                model.eval()
                total, hits = 0.0, 0
                with torch.no_grad():
                    for i in range(0, len(x), BATCH_SIZE):
                        y_pred, target = model(x[i : i + BATCH_SIZE]), y[i : i + BATCH_SIZE]
                        total += loss_fn(y_pred, target).item() * len(target)
                        hits += (y_pred.argmax(1) == target).sum().item()
                return total / len(x), hits / len(x)


            def main():
                x, y = load_data()

                torch.manual_seed(7)
                order = torch.randperm(len(x))
                train, validation = order[:48], order[48:]
                x_val, y_val = x[validation], y[validation]
                x, y = x[train], y[train]

                torch.manual_seed(7)
                model = build_model()
                loss_fn = nn.CrossEntropyLoss()
                optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

                for epoch in range(1, EPOCHS + 1):
                    model.train()
                    order = torch.randperm(len(x))
                    total = 0.0
                    for i in range(0, len(x), BATCH_SIZE):
                        rows = order[i : i + BATCH_SIZE]
                        target = y[rows]
                        loss = loss_fn(model(x[rows]), target)
                        optimizer.zero_grad()
                        loss.backward()
                        optimizer.step()
                        total += loss.item() * len(target)
                    train_loss = total / len(x)
                    validation_loss, accuracy = evaluate(model, loss_fn, x_val, y_val)
                    print(f"Epoch {epoch}/{EPOCHS}  loss {train_loss:.8g}  val {validation_loss:.8g}  accuracy {accuracy:.8g}")
                return model


            if __name__ == "__main__":
                main()
            """);
  }

  @Test
  @EnabledIf("io.trainyard.Torch#isThere")
  void printsTorchsLossesOfTheReference(@TempDir Path scratch) throws Exception {
    Map<String, JsonNode> expected = new LinkedHashMap<>();
    for (String files : List.of("/reference/", "/reference/more-", "/custom/")) {
      JsonNode jobs = Jobs.resource(files + "cases.json");
      JsonNode results = Jobs.resource(files + "expected.json").get("cases");
      for (int i = 0; i < jobs.size(); i++) {
        String name = jobs.get(i).get("name").stringValue();
        expected.put(name, results.get(i).get("train_loss"));
        Files.writeString(scratch.resolve(name + ".py"), Jobs.script(jobs.get(i)));
      }
    }
    JsonNode printed = run(scratch);

    assertThat(printed.size()).isEqualTo(expected.size()).isGreaterThan(150);
    double[] worst = new double[1];
    expected.forEach(
        (name, losses) -> {
          List<String> lines = lines(printed.get(name));
          assertThat(lines).as(name).hasSize(losses.size());
          for (int i = 0; i < lines.size(); i++) {
            double torch = losses.get(i).doubleValue();
            double loss = number(name, lines.get(i), 2);
            worst[0] = Math.max(worst[0], Math.abs(loss / torch - 1));
            assertThat(loss).as(name).isCloseTo(torch, within(RELATIVE * Math.abs(torch)));
          }
        });
    System.out.printf("script.py: %d jobs, worst %.1e%n", expected.size(), worst[0]);
  }

  @Test
  @EnabledIf("io.trainyard.Torch#isThere")
  void printsTheServicesLosses(@TempDir Path scratch) throws Exception {
    Map<String, List<Epoch>> ours = new LinkedHashMap<>();
    for (Map.Entry<String, String> more : MORE.entrySet()) {
      JsonNode document = small(more.getValue());
      ours.put(more.getKey(), train(document));
      Files.writeString(scratch.resolve(more.getKey() + ".py"), Jobs.script(document));
    }
    JsonNode printed = run(scratch);

    ours.forEach(
        (name, epochs) -> {
          List<String> lines = lines(printed.get(name));
          assertThat(lines).as(name).hasSize(epochs.size());
          for (int i = 0; i < lines.size(); i++) {
            Epoch epoch = epochs.get(i);
            close(name, number(name, lines.get(i), 2), epoch.trainLoss());
            if (epoch.validationLoss() != null) {
              close(name, number(name, lines.get(i), 3), epoch.validationLoss());
            }
            if (!epoch.metrics().isEmpty()) {
              double accuracy = Objects.requireNonNull(epoch.metrics().get("accuracy"));
              close(name, number(name, lines.get(i), 4), accuracy);
            }
          }
        });
    assertThat(Objects.requireNonNull(ours.get("early stopping")).size()).isBetween(4, 59);
  }

  private static void close(String name, double actual, double expected) {
    assertThat(actual).as(name).isCloseTo(expected, within(RELATIVE * Math.abs(expected)));
  }

  private static JsonNode run(Path scratch) throws Exception {
    Path programs = Files.createDirectory(scratch.resolve("runner"));
    return Json.MAPPER.readTree(Torch.resource("run_scripts.py", programs, scratch));
  }

  private static List<String> lines(JsonNode array) {
    List<String> lines = new ArrayList<>();
    array.forEach(line -> lines.add(line.stringValue()));
    return lines;
  }

  private static double number(String name, String line, int group) {
    Matcher matcher = LINE.matcher(line);
    assertThat(matcher.matches()).as(name + ": " + line).isTrue();
    return Double.parseDouble(matcher.group(group));
  }

  /** A small classification, with other members than its own. */
  private static JsonNode small(String members) {
    ObjectNode document =
        (ObjectNode)
            Jobs.json(
                """
                {"model": {"layers": [
                   {"type": "Linear", "in_features": 4, "out_features": 16}, {"type": "ReLU"},
                   {"type": "Linear", "in_features": 16, "out_features": 3}]},
                 "dataset": {"type": "synthetic", "seed": 5, "samples": 60, "input_shape": [4], "classes": 3},
                 "loss": {"type": "CrossEntropyLoss"},
                 "optimizer": {"type": "SGD", "lr": 0.1},
                 "epochs": 4, "batch_size": 16, "shuffle": true, "seed": 7}
                """);
    document.setAll((ObjectNode) Jobs.json(members));
    return document;
  }

  private static List<Epoch> train(JsonNode document) throws Exception {
    JobDocument job = Jobs.read(document, null);
    Recorder observer = new Recorder();
    try (TrainedModel model =
        new DjlTrainingEngine(1).train(job.plan(Objects.requireNonNull(job.data())), observer)) {
      assertThat(model.result().epochs()).isEqualTo(observer.epochs.size());
    }
    return observer.epochs;
  }
}
