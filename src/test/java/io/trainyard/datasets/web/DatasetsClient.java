package io.trainyard.datasets.web;

import io.trainyard.shared.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** Says to a server what curl would say. */
final class DatasetsClient {
  private static final String DATASETS = "/v1/datasets";
  private static final String BOUNDARY = "boundary-of-the-parts";
  private static final String FORM = "multipart/form-data; boundary=" + BOUNDARY;

  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;

  DatasetsClient(int port) {
    this.port = port;
  }

  static String field(String part, String content) {
    return "Content-Disposition: form-data; name=\"" + part + "\"\r\n\r\n" + content;
  }

  static String file(String content) {
    return "Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n"
        + "Content-Type: application/octet-stream\r\n\r\n"
        + content;
  }

  HttpResponse<String> upload(String... parts) throws Exception {
    return post(FORM, form(parts));
  }

  /** Closes the connection in the middle of the form, after something else was done. */
  void uploadHalf(Runnable meanwhile, String... parts) throws IOException {
    byte[] form = form(parts).getBytes(StandardCharsets.UTF_8);
    String head =
        "POST "
            + DATASETS
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
            + FORM
            + "\r\nContent-Length: "
            + form.length
            + "\r\n\r\n";
    try (Socket socket = new Socket("localhost", port)) {
      OutputStream out = socket.getOutputStream();
      out.write(head.getBytes(StandardCharsets.UTF_8));
      out.write(form, 0, form.length / 2);
      out.flush();
      meanwhile.run();
    }
  }

  private static String form(String... parts) {
    StringBuilder form = new StringBuilder();
    for (String part : parts) {
      form.append("--").append(BOUNDARY).append("\r\n").append(part).append("\r\n");
    }
    return form.append("--").append(BOUNDARY).append("--\r\n").toString();
  }

  HttpResponse<String> post(String type, String body) throws Exception {
    return client.send(
        request(DATASETS)
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body, StandardCharsets.UTF_8))
            .build(),
        BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws Exception {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  int delete(String id) throws Exception {
    HttpRequest request = request(DATASETS + "/" + id).DELETE().build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
  }

  static JsonNode json(HttpResponse<String> response) {
    return Json.read(response.body().getBytes(StandardCharsets.UTF_8));
  }
}
