import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Runs the same training in Trainyard and in PyTorch by turns. Started by {@code bin/bench}. */
final class Bench {
  private static final List<String> ROWS =
      List.of("mlp-tiny", "mlp-mid", "mlp-large", "full-batch", "cnn");

  /** Small rates, at which the losses stay comparable: large steps multiply what rounding does. */
  private static final List<String> OPTIMIZERS =
      List.of(
          "{\"type\": \"SGD\", \"lr\": 0.01}",
          "{\"type\": \"Adam\", \"lr\": 0.00001}",
          "{\"type\": \"RMSprop\", \"lr\": 0.00001}");

  private final Options options;
  private final TrainyardServer server;

  private Bench(Options options, TrainyardServer server) {
    this.options = options;
    this.server = server;
  }

  /** Something is missing or went wrong; the message is for who started the benchmark. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(String message) {
      super(message);
    }
  }

  /** Exits with 0 if both sides computed the same losses. */
  public static void main(String[] args) throws InterruptedException {
    int exit = 1;
    try {
      Options options = Options.parse(args);
      Report.machine();
      exit = new Bench(options, TrainyardServer.start()).run() ? 0 : 1;
    } catch (Failed | IOException e) {
      // A signal ends the children first, which then look as if they had failed.
      if (!Cleanup.begun()) {
        say(e instanceof Failed ? e.getMessage() : e.toString());
      }
    }
    System.exit(exit);
  }

  private boolean run() throws IOException, InterruptedException {
    boolean same = true;
    int measured = 0;
    Report.head();
    for (String row : options.rows) {
      for (String optimizer : OPTIMIZERS) {
        Work work = Work.read(row, optimizer, options.epochsScale);
        String refusal = server.refusal(work);
        if (refusal != null) {
          say(row + " is skipped, this server does not have its layers: " + refusal);
          break;
        }
        List<Round> rounds = measure(work);
        Report.line(work, rounds);
        same &= rounds.stream().allMatch(Round::same);
        measured++;
      }
    }
    if (!same) {
      say("the losses are not the same; see the table");
    }
    return same && measured > 0;
  }

  private List<Round> measure(Work work) throws IOException, InterruptedException {
    List<Round> rounds = new ArrayList<>();
    for (int i = 1; i <= options.rounds; i++) {
      Round round = new Round(server.train(work), Torch.train(work));
      rounds.add(round);
      say(work + ", round " + i + " of " + options.rounds + ": " + round);
    }
    return rounds;
  }

  private static void say(String text) {
    System.err.println("bench: " + text);
  }

  private record Options(int rounds, List<String> rows, double epochsScale) {
    static Options parse(String[] args) {
      int rounds = 3;
      List<String> rows = ROWS;
      double scale = 1;
      for (int i = 0; i < args.length; i += 2) {
        String value = i + 1 < args.length ? args[i + 1] : "";
        switch (args[i]) {
          case "--rounds" -> rounds = (int) Math.ceil(positive(args[i], value));
          case "--rows" -> rows = List.of(value.split(","));
          case "--epochs-scale" -> scale = positive(args[i], value);
          default -> throw new Failed("unknown argument '" + args[i] + "'; see bin/bench --help");
        }
      }
      if (!ROWS.containsAll(rows)) {
        throw new Failed("--rows: expected some of " + String.join(",", ROWS));
      }
      return new Options(rounds, rows, scale);
    }

    private static double positive(String name, String value) {
      if (!value.matches("\\d{1,6}(\\.\\d+)?") || Double.parseDouble(value) == 0) {
        throw new Failed(name + ": expected a number above 0, found '" + value + "'");
      }
      return Double.parseDouble(value);
    }
  }
}
