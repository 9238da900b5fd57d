package io.trainyard.exports.web;

import io.trainyard.exports.CheckpointExports;
import io.trainyard.exports.Export;
import io.trainyard.exports.Exports;
import io.trainyard.exports.JobFile;
import io.trainyard.shared.Page;
import io.trainyard.shared.Problem;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The files of jobs and of their checkpoints, stored and generated. */
@RestController
@RequestMapping("/v1/jobs/{id}")
class ArtifactController {
  private final Exports exports;
  private final CheckpointExports checkpoints;

  ArtifactController(Exports exports, CheckpointExports checkpoints) {
    this.exports = exports;
    this.checkpoints = checkpoints;
  }

  @GetMapping("/artifacts")
  Page<JobFile> list(@PathVariable String id) throws IOException {
    return new Page<>(exports.list(id), false, null);
  }

  @GetMapping("/artifacts/{name}")
  void download(@PathVariable String id, @PathVariable String name, HttpServletResponse response)
      throws IOException {
    attach(exports.open(id, name), name, response);
  }

  @GetMapping("/checkpoints/{epoch}/artifacts")
  Page<JobFile> list(@PathVariable String id, @PathVariable String epoch) throws IOException {
    return new Page<>(checkpoints.list(id, number(epoch)), false, null);
  }

  @GetMapping("/checkpoints/{epoch}/artifacts/{name}")
  void download(
      @PathVariable String id,
      @PathVariable String epoch,
      @PathVariable String name,
      HttpServletResponse response)
      throws IOException {
    attach(checkpoints.open(id, number(epoch), name), name, response);
  }

  private static int number(String epoch) {
    if (!epoch.matches("\\d{1,9}")) {
      throw Problem.notFound("checkpoint", epoch);
    }
    return Integer.parseInt(epoch);
  }

  /** To be read in a browser rather than saved. */
  @GetMapping("/script.py")
  void script(@PathVariable String id, HttpServletResponse response) throws IOException {
    send(exports.open(id, Exports.SCRIPT), response);
  }

  private static void attach(Export export, String name, HttpServletResponse response)
      throws IOException {
    response.setHeader(
        HttpHeaders.CONTENT_DISPOSITION,
        ContentDisposition.attachment().filename(name).build().toString());
    send(export, response);
  }

  /** On the request's own thread: a large file may take longer than an asynchronous answer may. */
  private static void send(Export export, HttpServletResponse response) throws IOException {
    response.setContentType(export.contentType());
    export.content().write(response.getOutputStream());
  }
}
