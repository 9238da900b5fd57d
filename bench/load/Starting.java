import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** How long a small job takes, as its user sees it: from the POST to what a stream of events tells. */
final class Starting {
  /** As the iris data: 150 rows, ten steps an epoch. */
  private static final String SMALL =
      """
      {"name": "small", "model": {"layers": [{"type": "Linear", "in_features": 4, "out_features": 16},
         {"type": "ReLU"}, {"type": "Linear", "in_features": 16, "out_features": 3}]},
       "dataset": {"type": "synthetic", "seed": 1, "samples": 150, "input_shape": [4], "classes": 3},
       "loss": {"type": "CrossEntropyLoss"}, "optimizer": {"type": "Adam", "lr": 0.01},
       "epochs": 20, "batch_size": 16, "seed": 3}
      """;

  /** After which a spare runner has long come to rest. */
  private static final int PAUSE_MILLIS = 4000;

  private final LoadServer server;

  Starting(LoadServer server) {
    this.server = server;
  }

  private record Times(double firstEpoch, double succeeded) {}

  static void head() {
    Load.print("");
    Load.print("| a job of 20 small epochs, from its POST | first epoch, ms | succeeded, ms |");
    Load.print("|---|---|---|");
  }

  void measure(String where, int jobs) throws IOException, InterruptedException {
    List<Times> all = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      Thread.sleep(PAUSE_MILLIS);
      all.add(one());
    }
    List<Times> later = all.subList(1, jobs);
    row(where + ", first job", all.subList(0, 1));
    row(where + ", median of the next " + later.size(), later);
  }

  private static void row(String where, List<Times> times) {
    double first = Load.median(times.stream().map(Times::firstEpoch).toList());
    double succeeded = Load.median(times.stream().map(Times::succeeded).toList());
    Load.print("| %s | %.0f | %.0f |", where, first, succeeded);
  }

  private Times one() throws IOException, InterruptedException {
    long begun = System.nanoTime();
    String job = server.post("/v1/jobs", SMALL);
    double firstEpoch = Double.NaN;
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      String request =
          "GET /v1/jobs/" + job + "/events HTTP/1.0\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (Double.isNaN(firstEpoch) && line.equals("event:job.epoch")) {
          firstEpoch = millis(begun);
        } else if (line.startsWith("data:") && line.contains("\"state\":\"succeeded\"")) {
          return new Times(firstEpoch, millis(begun));
        }
      }
    }
    throw new Load.Failed("the stream of " + job + " ended too early");
  }

  private static double millis(long begun) {
    return (System.nanoTime() - begun) / 1e6;
  }
}
