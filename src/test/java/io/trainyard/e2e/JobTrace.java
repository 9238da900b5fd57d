package io.trainyard.e2e;

import io.trainyard.shared.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * What the database has of a job, judged.
 *
 * @param duplicates epochs that are recorded more than once
 * @param gaps epochs or sequence numbers that are missing, or out of order
 * @param faults what else must not be: a second end, an epoch while no run holds the job
 */
record JobTrace(
    String state,
    int attempts,
    int lost,
    int handedBack,
    int fenced,
    int duplicates,
    int gaps,
    List<String> faults,
    List<Double> losses) {

  private record Row(long sequence, String type, Integer epoch, String content, int events) {

    /** Epochs may share a row: a line for each, and the numbers of the last. */
    Stream<Row> each() {
      if (events == 1) {
        return Stream.of(this);
      }
      String[] lines = content.split("\n");
      return IntStream.range(0, lines.length)
          .mapToObj(
              i -> {
                int back = lines.length - 1 - i;
                String line = lines[i].substring(lines[i].indexOf(' '));
                return new Row(sequence - back, type, epoch - back, line, 1);
              });
    }
  }

  static JobTrace of(DataSource database, String job, int epochs) {
    JdbcClient jdbc = JdbcClient.create(database);
    List<Row> rows =
        jdbc
            .sql(
                "select sequence, type, epoch, content, events from job_events where job_id = ?"
                    + " order by sequence")
            .param(job)
            .query(Row.class)
            .stream()
            .flatMap(Row::each)
            .toList();
    List<String> faults = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    int duplicates = 0;
    int gaps = 0;
    int last = 0;
    int holder = 0;
    boolean held = false;
    int ends = 0;
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      gaps += row.sequence() == i + 1 ? 0 : 1;
      JsonNode content = Json.MAPPER.readTree(row.content());
      if (row.type().equals("job.epoch")) {
        if (!held) {
          faults.add("epoch " + row.epoch() + " of nobody");
        }
        duplicates += row.epoch() <= last ? 1 : 0;
        gaps += row.epoch() > last + 1 ? 1 : 0;
        last = row.epoch();
        losses.add(content.get("train_loss").doubleValue());
      } else if (row.type().equals("job.state")) {
        String state = content.get("state").stringValue();
        int attempt = content.get("attempt").intValue();
        if (state.equals("starting")) {
          if (held || attempt != holder + 1) {
            faults.add("attempt " + attempt + " beside attempt " + holder);
          }
          holder = attempt;
        }
        held = state.equals("starting") || state.equals("running");
        ends += state.equals("succeeded") || state.equals("failed") ? 1 : 0;
      }
    }
    gaps += epochs - last;
    if (ends != 1) {
      faults.add(ends + " ends");
    }
    List<String> outcomes =
        jdbc.sql("select outcome from job_attempts where job_id = ? order by attempt")
            .param(job)
            .query(String.class)
            .list();
    if (outcomes.size() != holder || outcomes.indexOf("succeeded") != holder - 1) {
      faults.add("attempts " + outcomes);
    }
    int fenced =
        jdbc.sql("select count(*) from job_attempts where job_id = ? and exit_code = 40")
            .param(job)
            .query(Integer.class)
            .single();
    return new JobTrace(
        jdbc.sql("select state from jobs where id = ?").param(job).query(String.class).single(),
        outcomes.size(),
        (int) outcomes.stream().filter("lost"::equals).count(),
        (int) outcomes.stream().filter("handed_back"::equals).count(),
        fenced,
        duplicates,
        gaps,
        faults,
        losses);
  }
}
