import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A training in PyTorch.
 *
 * @param index by randperm and x[i]
 * @param loader by DataLoader
 */
record Torch(Round.Run index, Round.Run loader) {
  static Torch train(Work work) throws IOException, InterruptedException {
    String python = System.getenv("BENCH_PYTHON");
    String skip = Integer.toString(work.skipped());
    ProcessBuilder builder = new ProcessBuilder(python, "bench/torch_loop.py", "--skip", skip);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = Cleanup.child(builder.start());
    try (OutputStream in = process.getOutputStream()) {
      in.write(work.document().getBytes(StandardCharsets.UTF_8));
    }
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new Bench.Failed("torch_loop.py failed on " + work);
    }
    int second = out.indexOf("\"loader\"");
    return new Torch(read(out.substring(0, second)), read(out.substring(second)));
  }

  private static Round.Run read(String json) {
    return new Round.Run(
        Text.number(json, "us_per_step"),
        Text.number(json, "train_loss"),
        Text.number(json, "peak_rss_bytes"));
  }
}
