package io.trainyard.jobs.web;

import io.trainyard.jobs.Job;
import io.trainyard.jobs.JobEvent;
import io.trainyard.jobs.Jobs;
import io.trainyard.shared.Page;
import io.trainyard.shared.web.Clients;
import io.trainyard.shared.web.PageLimit;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** What happened to a job: as a live stream, or as pages. */
@RestController
@RequestMapping("/v1/jobs/{id}/events")
class EventController {
  private static final int MAX_PAGE = 1000;

  private final Jobs jobs;
  private final EventStreams streams;

  EventController(Jobs jobs, EventStreams streams) {
    this.jobs = jobs;
    this.streams = streams;
  }

  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  Page<ObjectNode> page(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String after) {
    jobs.get(id);
    int size = PageLimit.parse(limit, MAX_PAGE);
    List<JobEvent> events = jobs.eventsAfter(id, sequence("after", after), size + 1);
    return Page.of(events, size, e -> Long.toString(e.sequence())).map(EventView::of);
  }

  /**
   * Replays what is after {@code Last-Event-ID} (or {@code after}), then goes on live. Written to
   * the container itself: Spring's emitters wait for a reader that does not read.
   */
  @GetMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  void stream(
      @PathVariable String id,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      @RequestParam(required = false) @Nullable String after,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    Job job = jobs.get(id);
    long from =
        lastEventId != null ? sequence("Last-Event-ID", lastEventId) : sequence("after", after);
    if (job.state().terminal() && jobs.eventsAfter(id, from, 1).isEmpty()) {
      response.setStatus(HttpServletResponse.SC_NO_CONTENT);
      return;
    }
    StreamPlaces.Place place = streams.take(Clients.caller(request));
    response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
    response.setCharacterEncoding(StandardCharsets.UTF_8);
    response.setHeader(HttpHeaders.CACHE_CONTROL, CacheControl.noStore().getHeaderValue());
    response.setHeader("X-Accel-Buffering", "no");
    streams.open(id, from, place, request.startAsync(), response.getOutputStream());
  }

  private static long sequence(String name, @Nullable String text) {
    return PageLimit.number(name, text, 0, 0, Long.MAX_VALUE);
  }
}
