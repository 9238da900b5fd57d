import java.util.Locale;

/** One training on each side, one right after the other. */
record Round(Run trainyard, Torch torch) {
  /** What libtorch 2.7 and torch 1.13 may differ by, having summed in different orders. */
  private static final double TOLERANCE = 1e-4;

  /**
   * What one training took.
   *
   * @param micros per step, median over the epochs
   * @param loss of the last epoch
   */
  record Run(double micros, double loss, double peakBytes) {}

  double ratio() {
    return trainyard.micros / Math.min(torch.index().micros, torch.loader().micros);
  }

  /** Of the losses, relative; the index loop draws the same random numbers as Trainyard. */
  double difference() {
    double expected = torch.index().loss;
    return Math.abs(trainyard.loss - expected) / Math.abs(expected);
  }

  /** False also if a loss is not a number. */
  boolean same() {
    return difference() <= TOLERANCE;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "Trainyard %.0f µs, torch %.0f and %.0f µs, ratio %.2f, losses %.6f and %.6f",
        trainyard.micros,
        torch.index().micros,
        torch.loader().micros,
        ratio(),
        trainyard.loss,
        torch.index().loss);
  }
}
