import java.io.IOException;
import java.util.StringJoiner;

/** Clients that ask trained models. */
final class Predicting {
  private static final int INPUTS = 64;
  private static final int MODELS = 3;
  private static final String MLP =
      """
      {"model": {"layers": [{"type": "Linear", "in_features": 64, "out_features": 64}, {"type": "ReLU"},
         {"type": "Linear", "in_features": 64, "out_features": 10}]},
       "dataset": {"type": "synthetic", "seed": 0, "samples": 64, "input_shape": [64], "classes": 10},
       "loss": {"type": "CrossEntropyLoss"}, "optimizer": {"type": "Adam"}, "epochs": 2, "seed": %d}
      """;

  private final LoadServer server;

  Predicting(LoadServer server) {
    this.server = server;
  }

  void measure() throws IOException, InterruptedException {
    String[] paths = new String[MODELS];
    for (int i = 0; i < MODELS; i++) {
      paths[i] = "/v1/jobs/" + server.train(MLP.formatted(i)) + "/predict";
    }
    Requests.run("warming up", 4, 2000, n -> server.post(paths[n % MODELS], rows(1)));
    Requests.head();
    for (int clients : new int[] {1, 50}) {
      for (int count : new int[] {1, 100}) {
        String body = rows(count);
        Requests.run(
                "predict %d rows of 64-64-10, %d clients".formatted(count, clients),
                clients,
                (count == 1 ? 2000 : 500) * (clients == 1 ? 1 : 4),
                n -> server.post(paths[n % MODELS], body))
            .print();
      }
    }
  }

  private static String rows(int count) {
    StringJoiner rows = new StringJoiner(",", "{\"instances\": [", "]}");
    for (int i = 0; i < count; i++) {
      StringJoiner row = new StringJoiner(",", "[", "]");
      for (int j = 0; j < INPUTS; j++) {
        row.add(Integer.toString((i * 7 + j * 3) % 17));
      }
      rows.add(row.toString());
    }
    return rows.toString();
  }
}
