package io.trainyard.runner;

import io.trainyard.datasets.ArraysDescriptor;
import io.trainyard.datasets.ArraysTable;
import io.trainyard.datasets.CsvDescriptor;
import io.trainyard.datasets.CsvTable;
import io.trainyard.datasets.DataSource;
import io.trainyard.datasets.DatasetDescriptor;
import io.trainyard.datasets.SyntheticDescriptor;
import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.runner.protocol.RunOrder;
import io.trainyard.shared.Json;
import io.trainyard.training.JobDocument;
import io.trainyard.training.ModelCard;
import io.trainyard.training.References;
import io.trainyard.training.SavedTraining;
import io.trainyard.training.TrainedModel;
import io.trainyard.training.TrainingEngine;
import io.trainyard.training.TrainingFailure;
import io.trainyard.training.TrainingPlan;
import io.trainyard.training.TrainingResult;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One run of a job, from its order to its result. */
final class Attempt {
  private final ServerConnection server;
  private final Reporter reporter;
  private final TrainingEngine engine;
  private final StopSignal stop;

  Attempt(ServerConnection server, Reporter reporter, TrainingEngine engine, StopSignal stop) {
    this.server = server;
    this.reporter = reporter;
    this.engine = engine;
    this.stop = stop;
  }

  /**
   * Trains.
   *
   * @return null if it was stopped from outside: the server has to know no more than its last
   *     checkpoint
   */
  RunEvent.@Nullable Ended run(RunOrder order)
      throws IOException, InterruptedException, TrainingFailure {
    long begun = System.nanoTime();
    reporter.report(new RunEvent.Phase("loading_data"));
    DatasetDescriptor descriptor =
        order.dataset() == null
            ? null
            : Json.MAPPER.treeToValue(order.dataset(), DatasetDescriptor.class);
    JobDocument document =
        JobDocument.read(
            order.document(), References.inline(descriptor == null ? null : descriptor.shape()));
    DataSource data = data(document, descriptor);
    ModelCard card = card(order, document, descriptor);
    Path directory = Files.createDirectories(Path.of("checkpoints"));
    CheckpointUploads uploads =
        new CheckpointUploads(
            server, reporter, order, card, document.options().seed(), engine.name(), directory);
    uploads.start();
    AttemptObserver observer =
        new AttemptObserver(reporter, uploads, stop, order.secondsLeft(), begun);
    try (TrainedModel model = train(order, document.plan(data), directory, observer)) {
      TrainingResult result = model.result();
      switch (result.end()) {
        case COMPLETED, EARLY_STOPPED -> {
          reporter.report(new RunEvent.Phase("saving"));
          save(model, card);
          uploads.drain();
          String reason =
              result.end() == TrainingResult.End.COMPLETED ? "completed" : "early_stopped";
          return new RunEvent.Ended("succeeded", reason, null, result.bestEpoch());
        }
        case DIVERGED -> {
          save(model, card);
          uploads.drain();
          return new RunEvent.Ended("failed", "diverged", result.detail(), result.bestEpoch());
        }
        case PAUSED -> {
          uploads.drain();
          return stop.raised() ? null : new RunEvent.Ended("paused", null, null, null);
        }
        default -> {
          return observer.late()
              ? new RunEvent.Ended(
                  "failed", "deadline_exceeded", "max_runtime_seconds is over", null)
              : new RunEvent.Ended("cancelled", null, null, null);
        }
      }
    }
  }

  private TrainedModel train(
      RunOrder order, TrainingPlan plan, Path directory, AttemptObserver observer)
      throws IOException, InterruptedException, TrainingFailure {
    SavedTraining saved =
        new CheckpointDownload(server, reporter, engine.name(), directory).find(order);
    if (saved == null) {
      return engine.train(plan, observer);
    }
    try {
      reporter.report(new RunEvent.Resumed(saved.progress().epoch(), saved.progress().row()));
      return engine.train(plan, saved, observer);
    } finally {
      saved.arrays().close();
    }
  }

  private DataSource data(JobDocument document, @Nullable DatasetDescriptor descriptor)
      throws IOException, InterruptedException {
    if (descriptor instanceof CsvDescriptor csv) {
      try (InputStream file = server.dataset()) {
        return CsvTable.read(file, csv, document.target());
      }
    }
    if (descriptor instanceof ArraysDescriptor arrays) {
      try (InputStream file = server.dataset()) {
        return ArraysTable.read(file, arrays, document.target());
      }
    }
    if (descriptor instanceof SyntheticDescriptor synthetic) {
      return synthetic.spec();
    }
    DataSource inline = document.data();
    if (inline == null) {
      throw new IllegalStateException("the order has no dataset");
    }
    return inline;
  }

  /** The parameters, and beside them what it takes to use them: layers, scaling, classes. */
  private void save(TrainedModel model, ModelCard card) throws IOException, InterruptedException {
    ModelCard fitted = card.with(model.scaling());
    upload(ModelCard.NAME, out -> out.write(Json.MAPPER.writeValueAsBytes(fitted)));
    upload(ModelCard.TENSORS, model::write);
  }

  private static ModelCard card(
      RunOrder order, JobDocument document, @Nullable DatasetDescriptor descriptor) {
    return new ModelCard(
        Objects.requireNonNull(order.document().get("model")),
        document.shape().input(),
        document.target(),
        null,
        descriptor instanceof CsvDescriptor csv ? csv.columns() : null);
  }

  private interface Content {
    void write(OutputStream out) throws IOException;
  }

  private void upload(String name, Content content) throws IOException, InterruptedException {
    Path file = Files.createTempFile(Path.of(""), "artifact", ".tmp");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
        content.write(out);
      }
      server.upload(name, file);
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
