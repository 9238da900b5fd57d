package io.trainyard.runner;

import io.trainyard.datasets.CsvDescriptor;
import io.trainyard.datasets.CsvSpec;
import io.trainyard.datasets.CsvTable;
import io.trainyard.datasets.DatasetDescriptor;
import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.runner.protocol.RunOrder;
import io.trainyard.runner.protocol.RunReply;
import io.trainyard.runner.protocol.RunReport;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.training.Epoch;
import io.trainyard.training.JobDocument;
import io.trainyard.training.References;
import io.trainyard.training.TrainedModel;
import io.trainyard.training.TrainingEngine;
import io.trainyard.training.TrainingFailure;
import io.trainyard.training.TrainingObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Does once what a job will do, so that the classes and the native library are loaded when one
 * comes. It leaves no trace in a job: every job seeds torch's generator anew.
 */
final class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
  private static final String JOB =
      """
      {"model": {"layers": [{"type": "Linear", "in_features": 4, "out_features": 4}, {"type": "ReLU"},
         {"type": "Linear", "in_features": 4, "out_features": 2}]},
       "dataset": {"type": "synthetic", "seed": 0, "samples": 16, "input_shape": [4], "classes": 2},
       "loss": {"type": "CrossEntropyLoss"}, "optimizer": {"type": "Adam"},
       "validation": {"fraction": 0.25}, "metrics": ["accuracy"],
       "epochs": 3, "batch_size": 4, "shuffle": true, "seed": 0}
      """;

  private WarmUp() {}

  static void run(TrainingEngine engine, URI server) throws InterruptedException {
    try {
      JobDocument document = JobDocument.read(Json.MAPPER.readTree(JOB), References.inline(null));
      try (TrainedModel model =
          engine.train(document.plan(Objects.requireNonNull(document.data())), new Nobody())) {
        model.write(OutputStream.nullOutputStream());
      }
      readCsv();
      speak(document);
      ServerConnection.warmUp(server);
    } catch (TrainingFailure | IOException e) {
      // A job will meet the same and report it with its place.
      LOG.warn("the runner could not warm up: {}", e.toString());
    }
  }

  private static void readCsv() throws IOException {
    Path file = Files.createTempFile(Path.of(""), "warm-up", ".csv");
    try {
      byte[] rows = "x,y\n1,a\n2,b\n".getBytes(StandardCharsets.UTF_8);
      Files.write(file, rows);
      JsonNode spec =
          Json.MAPPER.readTree("{\"name\": \"w\", \"format\": \"csv\", \"target\": \"y\"}");
      CsvDescriptor descriptor =
          CsvDescriptor.of(Objects.requireNonNull(CsvSpec.read(spec, "", new Errors())), file);
      String sent = Json.write(descriptor);
      Json.parse(sent, DatasetDescriptor.class);
      CsvTable.read(new ByteArrayInputStream(rows), descriptor, descriptor.shape().target());
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** What is said between a runner and its server, there and back. */
  private static void speak(JobDocument document) {
    Json.parse(
        Json.write(new RunOrder("job", 1, Json.MAPPER.readTree(JOB), null, null, List.of())),
        RunOrder.class);
    Epoch row = new Epoch(1, 1, 1.0, document.optimizer().lr(), 1, 1, Map.of("accuracy", 1.0));
    List<RunEvent> events =
        List.of(
            new RunEvent.Phase("loading_data"),
            new RunEvent.Started("cpu"),
            new RunEvent.EpochDone(row, Instant.now()),
            new RunEvent.Ended("succeeded", "completed", null, 1));
    Json.write(new RunReport(1, Memory.residentBytes(), events));
    Json.parse("{\"command\": \"continue\"}", RunReply.class);
  }

  private record Nobody() implements TrainingObserver {
    @Override
    public void started(String device) {}

    @Override
    public void progress(int epoch, double fraction) {}

    @Override
    public void epoch(Epoch epoch) {}

    @Override
    public Command command() {
      return Command.CONTINUE;
    }
  }
}
