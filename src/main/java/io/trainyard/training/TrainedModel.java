package io.trainyard.training;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A model after training, with its native memory until it is closed. */
public interface TrainedModel extends AutoCloseable {

  TrainingResult result();

  /** How the features were scaled before the model saw them; null if they were not. */
  @Nullable FeatureScaling scaling();

  /** The parameters by their names in torch's {@code state_dict()} ("0.weight"), flattened. */
  Map<String, float[]> parameters();

  /** Outputs in evaluation mode for rows of inputs as the model sees them (normalised). */
  float[] predict(float[] inputs, int rows);

  /** The parameters in safetensors format, named as in {@code state_dict()}. */
  void write(OutputStream out) throws IOException;

  @Override
  void close();
}
