package io.trainyard.e2e;

import io.trainyard.shared.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/** A server-sent events client: what arrived, and when. */
final class EventReader {
  record Received(String id, String name, JsonNode data, Instant at) {}

  final List<Received> events = new CopyOnWriteArrayList<>();
  final List<String> comments = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> end;

  private EventReader(Api api, String job, String lastEventId) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(api.url() + "/v1/jobs/" + job + "/events"))
            .header("Accept", "text/event-stream");
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    end =
        Api.HTTP
            .sendAsync(request.build(), BodyHandlers.ofInputStream())
            .thenAcceptAsync(
                response -> {
                  Contract.INSTANCE.check(
                      "GET",
                      "/v1/jobs/" + job + "/events",
                      response.statusCode(),
                      response.headers().firstValue("Content-Type").orElse(""),
                      "");
                  read(response);
                });
  }

  static EventReader open(Api api, String job) {
    return new EventReader(api, job, "");
  }

  static EventReader after(Api api, String job, String lastEventId) {
    return new EventReader(api, job, lastEventId);
  }

  /** Completes when the server closes the stream. */
  CompletableFuture<Void> end() {
    return end;
  }

  List<Received> named(String name) {
    return events.stream().filter(e -> e.name().equals(name)).toList();
  }

  private void read(HttpResponse<java.io.InputStream> response) {
    String id = "";
    String name = "";
    StringBuilder data = new StringBuilder();
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith(":")) {
          comments.add(line.substring(1).strip());
        } else if (line.startsWith("id:")) {
          id = line.substring(3).strip();
        } else if (line.startsWith("event:")) {
          name = line.substring(6).strip();
        } else if (line.startsWith("data:")) {
          data.append(line.substring(5).strip());
        } else if (line.isEmpty() && !data.isEmpty()) {
          JsonNode event = Json.MAPPER.readTree(data.toString());
          Contract.INSTANCE.checkEvent(event);
          events.add(new Received(id, name, event, Instant.now()));
          data.setLength(0);
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
