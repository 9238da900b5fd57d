package io.trainyard.training.djl;

import io.trainyard.training.TrainingPlan.GradientClipping;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** torch's clip_grad_norm_ and clip_grad_value_ as TorchScript. */
final class Clipping {
  private Clipping() {}

  /** Statements that clip the list {@code g}. */
  static List<String> statements(@Nullable GradientClipping clipping) {
    List<String> lines = new ArrayList<>();
    if (clipping != null && clipping.maxNorm() != null) {
      lines.add("norm = torch.linalg_vector_norm(torch.stack(torch._foreach_norm(g, 2)), 2)");
      lines.add("clip = torch.reciprocal(torch.add(norm, 1e-6))");
      lines.add("clip = torch.mul(clip, " + clipping.maxNorm() + ")");
      lines.add("g = torch._foreach_mul(g, torch.clamp(clip, None, 1.))");
    }
    if (clipping != null && clipping.clipValue() != null) {
      lines.add("g = torch._foreach_clamp_min(g, " + -clipping.clipValue() + ")");
      lines.add("g = torch._foreach_clamp_max(g, " + clipping.clipValue() + ")");
    }
    return lines;
  }
}
