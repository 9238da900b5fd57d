package io.trainyard.models;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A layer's gradients as TorchScript expressions: the operators that autograd would call, or a
 * user's own formulas.
 *
 * @param input the gradient of the input, of its shape; null if the layer does not {@linkplain
 *     Layer#passesGradient() pass it on}
 * @param parameters the gradients of the parameters that the layer {@linkplain Layer#learns
 *     learns}, by name, of their shapes and contiguous
 */
public record Backward(@Nullable String input, Map<String, String> parameters) {

  /** Of a layer without parameters. */
  public static Backward ofInput(String gradient) {
    return new Backward(gradient, Map.of());
  }
}
