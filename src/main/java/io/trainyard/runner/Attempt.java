package io.trainyard.runner;

import io.trainyard.datasets.CsvDescriptor;
import io.trainyard.datasets.CsvTable;
import io.trainyard.datasets.DataSource;
import io.trainyard.datasets.DatasetDescriptor;
import io.trainyard.datasets.SyntheticDescriptor;
import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.runner.protocol.RunOrder;
import io.trainyard.runner.protocol.RunReply;
import io.trainyard.shared.Json;
import io.trainyard.training.Epoch;
import io.trainyard.training.JobDocument;
import io.trainyard.training.References;
import io.trainyard.training.TrainedModel;
import io.trainyard.training.TrainingEngine;
import io.trainyard.training.TrainingFailure;
import io.trainyard.training.TrainingObserver;
import io.trainyard.training.TrainingResult;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** One run of a job, from its order to its result. */
final class Attempt {
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ServerConnection server;
  private final Reporter reporter;
  private final TrainingEngine engine;

  Attempt(ServerConnection server, Reporter reporter, TrainingEngine engine) {
    this.server = server;
    this.reporter = reporter;
    this.engine = engine;
  }

  RunEvent.Ended run(RunOrder order) throws IOException, InterruptedException, TrainingFailure {
    long begun = System.nanoTime();
    reporter.report(new RunEvent.Phase("loading_data"));
    DatasetDescriptor descriptor =
        order.dataset() == null
            ? null
            : Json.MAPPER.treeToValue(order.dataset(), DatasetDescriptor.class);
    JobDocument document = JobDocument.read(order.document(), new Given(descriptor));
    DataSource data = data(document, descriptor);
    Observer observer = new Observer(order.secondsLeft(), begun);
    try (TrainedModel model = engine.train(document.plan(data), observer)) {
      TrainingResult result = model.result();
      switch (result.end()) {
        case COMPLETED, EARLY_STOPPED -> {
          reporter.report(new RunEvent.Phase("saving"));
          save(model, order, document);
          String reason =
              result.end() == TrainingResult.End.COMPLETED ? "completed" : "early_stopped";
          return new RunEvent.Ended("succeeded", reason, null, result.bestEpoch());
        }
        case DIVERGED -> {
          save(model, order, document);
          return new RunEvent.Ended("failed", "diverged", result.detail(), result.bestEpoch());
        }
        case PAUSED -> {
          return new RunEvent.Ended("paused", null, null, null);
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

  private DataSource data(JobDocument document, @Nullable DatasetDescriptor descriptor)
      throws IOException, InterruptedException {
    if (descriptor instanceof CsvDescriptor csv) {
      try (InputStream file = server.dataset()) {
        return CsvTable.read(file, csv, document.target());
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
  private void save(TrainedModel model, RunOrder order, JobDocument document)
      throws IOException, InterruptedException {
    ObjectNode card = Json.object();
    card.set("model", order.document().get("model"));
    card.set("input_shape", Json.tree(document.shape().input()));
    card.set("target", Json.tree(document.target()));
    card.set("scaling", model.scaling() == null ? null : Json.tree(model.scaling()));
    upload("model.json", out -> Json.MAPPER.writeValue(out, card));
    upload("model.safetensors", model::write);
  }

  private interface Content {
    void write(OutputStream out) throws IOException;
  }

  private void upload(String name, Content content) throws IOException, InterruptedException {
    Path file = Files.createTempFile("artifact", ".tmp");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
        content.write(out);
      }
      server.upload(name, file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** The dataset of the order under whatever name the document gives it; models are inline. */
  private record Given(@Nullable DatasetDescriptor descriptor) implements References {
    @Override
    public @Nullable StoredModel model(String reference) {
      return null;
    }

    @Override
    public @Nullable StoredDataset dataset(String reference) {
      return descriptor == null ? null : new StoredDataset(reference, descriptor.shape());
    }
  }

  /** Passes on what the engine tells and what the server wants. */
  private final class Observer implements TrainingObserver {
    private final long deadline;
    private long told = System.nanoTime();

    Observer(@Nullable Double secondsLeft, long begun) {
      this.deadline =
          secondsLeft == null ? Long.MAX_VALUE : begun + (long) (secondsLeft * 1_000_000_000.0);
    }

    boolean late() {
      return deadline != Long.MAX_VALUE && System.nanoTime() - deadline >= 0;
    }

    @Override
    public void started(String device) {
      reporter.report(new RunEvent.Started(device));
    }

    @Override
    public void progress(int epoch, double fraction) {
      long now = System.nanoTime();
      if (now - told >= PROGRESS_NANOS) {
        told = now;
        reporter.report(new RunEvent.Progress(epoch, fraction));
      }
    }

    @Override
    public void epoch(Epoch epoch) {
      told = System.nanoTime();
      reporter.report(new RunEvent.EpochDone(epoch, Instant.now()));
    }

    @Override
    public Command command() {
      if (late() || reporter.command() == RunReply.Command.CANCEL) {
        return Command.CANCEL;
      }
      return reporter.command() == RunReply.Command.PAUSE ? Command.PAUSE : Command.CONTINUE;
    }
  }
}
