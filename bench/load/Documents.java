/** The jobs that are posted. */
final class Documents {
  private Documents() {}

  /** Epochs of one small step. */
  static String tiny(int epochs) {
    return tiny(epochs, 1);
  }

  /** Epochs of some small steps. */
  static String tiny(int epochs, int steps) {
    return """
        {"name": "tiny", "model": {"layers": [{"type": "Linear", "in_features": 4, "out_features": 8},
           {"type": "ReLU"}, {"type": "Linear", "in_features": 8, "out_features": 1}]},
         "dataset": {"type": "synthetic", "seed": 1, "samples": %d, "input_shape": [4], "target_shape": [1]},
         "loss": {"type": "MSELoss"}, "optimizer": {"type": "SGD", "lr": 0.0001},
         "epochs": %d, "batch_size": 32, "seed": 3, "tags": {"team": "load"}}
        """
        .formatted(32 * steps, epochs);
  }
}
