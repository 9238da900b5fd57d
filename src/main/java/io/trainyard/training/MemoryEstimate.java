package io.trainyard.training;

import io.trainyard.datasets.Target;
import io.trainyard.models.ModelSummary;
import io.trainyard.shared.Shape;
import java.util.Objects;

/**
 * About how much memory a job's runner needs at its peak, in bytes. With P parameters, S numbers
 * per element that the optimizer remembers, B rows in a batch and N rows in all, of float32 each:
 *
 * <ul>
 *   <li>parameters 4 P, gradients 4 P, optimizer 4 P S;
 *   <li>copies: the last finite parameters, a checkpoint on its way, and the best parameters where
 *       {@code restore_best} asks for them: 4 P (2 + S), or 4 P (3 + S);
 *   <li>activations: the input and, for values and gradients, twice what each layer gives: 4 B
 *       (input + 2 × the sum of the outputs);
 *   <li>dataset: 4 N (input + target), 8 for a class; twice, because loading checks a copy, and
 *       once more if rows are split off or come from a file, which is scaled;
 *   <li>process: what Java and PyTorch take before there is anything.
 * </ul>
 *
 * Not in it is what is inside an operator: a convolution's buffers, and the steps of an expression.
 * Sums beyond a long are its largest value.
 */
public record MemoryEstimate(
    long parameters,
    long gradients,
    long optimizer,
    long copies,
    long activations,
    long dataset,
    long process) {
  private static final long PROCESS = 256L << 20;

  static MemoryEstimate of(JobDocument document) {
    JobOptions options = document.options();
    double parameters = (double) Float.BYTES * document.summary().parameters();
    long states = document.optimizer().states().stream().filter(s -> !s.scalar()).count();
    boolean best = options.earlyStopping() != null && options.earlyStopping().restoreBest();
    long train = document.split().train();
    Integer batch = options.batchSize();
    return new MemoryEstimate(
        (long) parameters,
        (long) parameters,
        (long) (parameters * states),
        (long) (parameters * (2 + states + (best ? 1 : 0))),
        activations(document, batch == null ? train : Math.min(batch, train)),
        dataset(document),
        PROCESS);
  }

  /** All parts together, in bytes. */
  public long total() {
    return (long)
        ((double) parameters + gradients + optimizer + copies + activations + dataset + process);
  }

  private static long activations(JobDocument document, long batch) {
    double numbers = elements(document.shape().input());
    for (ModelSummary.Row row : document.summary().layers()) {
      numbers += 2 * elements(Objects.requireNonNull(row.outputShape()));
    }
    return (long) (Float.BYTES * numbers * batch);
  }

  private static long dataset(JobDocument document) {
    double row = Float.BYTES * elements(document.shape().input());
    row +=
        document.target() instanceof Target.Values values
            ? Float.BYTES * elements(values.shape())
            : Long.BYTES;
    boolean copied = document.options().validationFraction() > 0 || document.data() == null;
    return (long) (row * document.shape().rows() * (copied ? 3 : 2));
  }

  private static double elements(Shape shape) {
    return shape.dimensions().stream().mapToDouble(Integer::doubleValue).reduce(1, (a, b) -> a * b);
  }
}
