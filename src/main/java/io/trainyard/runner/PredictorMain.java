package io.trainyard.runner;

import io.trainyard.models.ModelDefinition;
import io.trainyard.runner.protocol.PredictorOrder;
import io.trainyard.runner.protocol.PredictorReply;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Shape;
import io.trainyard.training.Calculations;
import io.trainyard.training.FeatureScaling;
import io.trainyard.training.PredictionEngine;
import io.trainyard.training.SafetensorsFile;
import io.trainyard.training.djl.DjlPredictionEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps models in memory and predicts with them for the server that started it. Rows of different
 * requests never meet in one call: a layer may look at all rows of its batch, and even one that
 * does not may round otherwise.
 */
public final class PredictorMain {
  private static final Logger LOG = LoggerFactory.getLogger(PredictorMain.class);

  private final PredictionEngine engine;
  private final Map<String, Served> models = new HashMap<>();

  private PredictorMain(PredictionEngine engine) {
    this.engine = engine;
  }

  /** A model in memory. */
  private static final class Served {
    private final PredictionEngine.Loaded model;

    /** Of the scaling; without elements if there is none. */
    private final float[] offset;

    private final float[] scale;

    Served(PredictionEngine.Loaded model, @Nullable FeatureScaling scaling) {
      this.model = model;
      this.offset = scaling == null ? new float[0] : floats(scaling.offset());
      this.scale = scaling == null ? new float[0] : floats(scaling.scale());
    }

    FloatBuffer predict(FloatBuffer inputs, int rows) throws Calculations.Refused {
      return model.predict(offset.length == 0 ? inputs : scaled(inputs), rows);
    }

    /** In float32, as in training. */
    private FloatBuffer scaled(FloatBuffer inputs) {
      FloatBuffer scaled = FloatBuffer.allocate(inputs.remaining());
      for (int i = 0; inputs.hasRemaining(); i = i + 1 == offset.length ? 0 : i + 1) {
        scaled.put((inputs.get() - offset[i]) / scale[i]);
      }
      return scaled.flip();
    }
  }

  public static void main(String[] args) throws IOException {
    RunnerMain.beFirstToGo();
    OrdersEnvironment environment = OrdersEnvironment.read(System.getenv());
    ServerWatch.start();
    PredictorMain predictor = new PredictorMain(new DjlPredictionEngine(environment.threads()));
    Orders<PredictorOrder, PredictorReply> orders =
        new Orders<>(PredictorOrder.class, predictor::answer);
    warmUp(orders);
    orders.serve(environment);
  }

  private PredictorReply answer(PredictorOrder order) {
    try {
      if (order instanceof PredictorOrder.Predict predict) {
        return predict(predict);
      }
      if (order instanceof PredictorOrder.Load load) {
        close(models.put(load.model(), load(load)));
        return new PredictorReply.Done();
      }
      if (order instanceof PredictorOrder.Unload unload) {
        close(models.remove(unload.model()));
        return new PredictorReply.Done();
      }
      throw new IllegalArgumentException("not known here: " + order);
    } catch (Calculations.Refused e) {
      return new PredictorReply.Refused(e.reason());
    } catch (OutOfMemoryError e) {
      LOG.error("out of memory", e);
      return new PredictorReply.Refused("this takes more memory than there is");
    } catch (IOException | RuntimeException e) {
      LOG.error("the order failed", e);
      return new PredictorReply.Failed(e.toString());
    }
  }

  private static void close(@Nullable Served gone) {
    if (gone != null) {
      gone.model.close();
    }
  }

  private PredictorReply predict(PredictorOrder.Predict order) throws Calculations.Refused {
    Served served = models.get(order.model());
    if (served == null) {
      throw new IllegalStateException("there is no model " + order.model());
    }
    FloatBuffer inputs = order.inputs().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    FloatBuffer outputs = served.predict(inputs, order.rows());
    ByteBuffer bytes =
        ByteBuffer.allocate(outputs.remaining() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(outputs);
    return new PredictorReply.Outputs(bytes);
  }

  private Served load(PredictorOrder.Load order) throws Calculations.Refused, IOException {
    Errors errors = new Errors();
    ModelDefinition model = ModelDefinition.read(order.document(), "", errors);
    errors.throwIfAny();
    try (SafetensorsFile tensors = SafetensorsFile.open(Path.of(order.file()))) {
      PredictionEngine.Loaded loaded =
          engine.load(Objects.requireNonNull(model), order.inputShape(), tensors);
      return new Served(loaded, order.scaling());
    }
  }

  private static float[] floats(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }

  private static void warmUp(Orders<PredictorOrder, PredictorReply> orders) throws IOException {
    String header =
        "{\"0.weight\": {\"dtype\": \"F32\", \"shape\": [1, 1], \"data_offsets\": [0, 4]},"
            + " \"0.bias\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [4, 8]}}";
    Path file = Files.createTempFile(Path.of(""), "warm-up", ".safetensors");
    try {
      ByteBuffer bytes =
          ByteBuffer.allocate(Long.BYTES + header.length() + 2 * Float.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN);
      bytes.putLong(header.length()).put(ascii(header)).putFloat(2f).putFloat(1f);
      Files.write(file, bytes.array());
      String name = "warm-up";
      orders.rehearse(
          new PredictorOrder.Load(
              name,
              Json.MAPPER.readTree(
                  "{\"layers\": [{\"type\": \"Linear\", \"in_features\": 1, \"out_features\": 1}]}"),
              Shape.of(1),
              null,
              file.toAbsolutePath().toString()));
      PredictorReply reply =
          orders.rehearse(new PredictorOrder.Predict(name, 1, ByteBuffer.allocate(Float.BYTES)));
      if (!(reply instanceof PredictorReply.Outputs)) {
        throw new IllegalStateException("the engine does not work: " + reply);
      }
      orders.rehearse(new PredictorOrder.Unload(name));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
