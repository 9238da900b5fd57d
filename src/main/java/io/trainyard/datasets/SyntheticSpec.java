package io.trainyard.datasets;

import io.trainyard.shared.Shape;

/**
 * Random rows: torch's {@code manual_seed(seed)}, then {@code randn(samples, *input)} and {@code
 * randn(samples, *target)} or {@code randint(0, classes, (samples,))}.
 *
 * @param unitRange whether values are put through a sigmoid ({@code "target_range": "unit"})
 */
public record SyntheticSpec(long seed, int samples, Shape input, Target target, boolean unitRange)
    implements DataSource {

  @Override
  public DatasetShape shape() {
    return new DatasetShape(samples, input, target);
  }
}
