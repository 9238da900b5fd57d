package io.trainyard.jobs.web;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.trainyard.jobs.Job;
import io.trainyard.jobs.JobEvent;
import io.trainyard.jobs.Jobs;
import io.trainyard.shared.Page;
import io.trainyard.shared.Problem;
import io.trainyard.shared.web.PageLimit;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import tools.jackson.databind.JsonNode;

/** Every epoch of a job, as JSON pages or one CSV. */
@RestController
@RequestMapping("/v1/jobs/{id}/metrics")
class MetricsController {
  private static final int MAX_PAGE = 1000;
  private static final int CSV_PAGE = 5000;
  private static final List<String> COLUMNS =
      List.of(
          "epoch", "train_loss", "validation_loss", "lr", "duration_seconds", "samples_per_second");

  private final Jobs jobs;

  MetricsController(Jobs jobs) {
    this.jobs = jobs;
  }

  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  Page<JsonNode> page(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String after,
      @RequestParam(required = false) @Nullable String points) {
    Job job = jobs.get(id);
    if (points != null) {
      if (limit != null || after != null) {
        String detail = "points: not together with limit or after";
        throw new Problem(Problem.Kind.MALFORMED, detail, List.of(new Problem.Place("", detail)));
      }
      int wanted = (int) PageLimit.number("points", points, MAX_PAGE, 2, MAX_PAGE);
      return spread(job, wanted);
    }
    int size = PageLimit.parse(limit, MAX_PAGE);
    int from = (int) PageLimit.number("after", after, 0, 0, Integer.MAX_VALUE);
    List<JobEvent> epochs = jobs.epochsAfter(id, from, size + 1);
    return Page.of(epochs, size, e -> String.valueOf(e.epoch())).map(JobEvent::data);
  }

  /** Looked up one by one: a picture of a long training must not read all of it. */
  private Page<JsonNode> spread(Job job, int points) {
    int last = job.progress().epoch();
    Set<Integer> epochs = new TreeSet<>();
    for (int i = 0; i < points && last > 0; i++) {
      epochs.add(1 + (int) Math.round((last - 1.0) * i / (points - 1)));
    }
    Map<Integer, JsonNode> rows = new TreeMap<>();
    if (!epochs.isEmpty()) {
      for (JobEvent event : jobs.epochs(job.id(), List.copyOf(epochs))) {
        Integer epoch = event.epoch();
        if (epoch != null) {
          rows.put(epoch, event.data());
        }
      }
    }
    return new Page<>(List.copyOf(rows.values()), false, null);
  }

  @GetMapping(produces = "text/csv")
  ResponseEntity<StreamingResponseBody> csv(@PathVariable String id) {
    Job job = jobs.get(id);
    return ResponseEntity.ok()
        .contentType(new MediaType("text", "csv", StandardCharsets.UTF_8))
        .body(
            out -> {
              // Closing the writer would close the response's stream, which is not its own.
              CsvWriter csv =
                  CsvWriter.builder().build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
              write(job, csv);
              csv.flush();
            });
  }

  private void write(Job job, CsvWriter csv) {
    List<String> metrics = new ArrayList<>();
    job.spec().document().path("metrics").forEach(name -> metrics.add(name.asString()));
    List<String> header = new ArrayList<>(COLUMNS);
    header.addAll(metrics);
    csv.writeRecord(header);
    int epoch = 0;
    List<JobEvent> rows;
    do {
      rows = jobs.epochsAfter(job.id(), epoch, CSV_PAGE);
      for (JobEvent row : rows) {
        csv.writeRecord(cells(row.data(), metrics));
        epoch = row.epoch() == null ? epoch : row.epoch();
      }
    } while (rows.size() == CSV_PAGE);
  }

  private static List<String> cells(JsonNode row, List<String> metrics) {
    List<String> cells = new ArrayList<>();
    COLUMNS.forEach(column -> cells.add(cell(row.path(column))));
    metrics.forEach(metric -> cells.add(cell(row.path("metrics").path(metric))));
    return cells;
  }

  private static String cell(JsonNode value) {
    return value.isNull() || value.isMissingNode() ? "" : value.asString();
  }
}
