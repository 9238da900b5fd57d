package io.trainyard.limits;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * How much anyone may ask of the service. docs/limits.md has the table, with what is told beyond
 * each.
 *
 * @param json the largest JSON document
 * @param upload the largest upload
 * @param unpacked what a compressed file may unpack to
 * @param rows of a dataset
 * @param columns of a CSV file
 * @param layers of a model
 * @param parameters of a model, in numbers
 * @param expression the longest expression, in characters
 * @param epochs of a job
 * @param memory that a job's runner may need by estimate; null for what a runner can get
 * @param runtime the most that max_runtime_seconds can be, and what it is if left out; null for no
 *     limit
 * @param runtimeGrace how long a runner may take to end by itself when the job's time is over
 * @param streams event streams of this server that are open at a time
 * @param streamsPerClient the same of one client
 * @param requestsPerSecond of one caller, lasting; 0 for no limit
 * @param requestsBurst of one caller at once, after a rest
 */
@ConfigurationProperties("trainyard.limits")
public record LimitProperties(
    DataSize json,
    DataSize upload,
    DataSize unpacked,
    long rows,
    int columns,
    int layers,
    long parameters,
    int expression,
    int epochs,
    @Nullable DataSize memory,
    @Nullable Duration runtime,
    Duration runtimeGrace,
    int streams,
    int streamsPerClient,
    int requestsPerSecond,
    int requestsBurst) {

  /** What the readers, the language of expressions and the vocabulary can take. */
  private static final int MOST_COLUMNS = 10_000;

  private static final int MOST_LAYERS = 10_000;
  private static final int MOST_EXPRESSION = 10_000;
  private static final int MOST_EPOCHS = 100_000_000;

  public LimitProperties {
    within("json", json.toBytes(), 1, Integer.MAX_VALUE);
    within("upload", upload.toBytes(), 1, Long.MAX_VALUE);
    within("unpacked", unpacked.toBytes(), 1, Long.MAX_VALUE);
    within("rows", rows, 1, Long.MAX_VALUE);
    within("columns", columns, 1, MOST_COLUMNS);
    within("layers", layers, 1, MOST_LAYERS);
    within("parameters", parameters, 1, Long.MAX_VALUE);
    within("expression", expression, 1, MOST_EXPRESSION);
    within("epochs", epochs, 1, MOST_EPOCHS);
    within("memory", memory == null ? 1 : memory.toBytes(), 1, Long.MAX_VALUE);
    within("runtime", runtime == null ? 1 : runtime.toMillis(), 1, Long.MAX_VALUE);
    within("runtime-grace", runtimeGrace.toMillis(), 0, Long.MAX_VALUE);
    within("streams", streams, 1, Integer.MAX_VALUE);
    within("streams-per-client", streamsPerClient, 1, Integer.MAX_VALUE);
    within("requests-per-second", requestsPerSecond, 0, Integer.MAX_VALUE);
    within("requests-burst", requestsBurst, 1, Integer.MAX_VALUE);
  }

  private static void within(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "trainyard.limits." + name + " must be from " + least + " to " + most);
    }
  }
}
