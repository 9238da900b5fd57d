package io.trainyard.shared.web;

import io.trainyard.shared.Json;
import java.io.IOException;
import java.io.Writer;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;

/**
 * Renders as application/problem+json what Tomcat refuses before there is a request for Spring, as
 * a path that cannot be decoded or headers that are too long. Tomcat makes it by its name.
 */
public final class ProblemValve extends ErrorReportValve {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemValve.class);

  @Override
  protected void report(Request request, Response response, @Nullable Throwable thrown) {
    int status = response.getStatus();
    // As in Tomcat's own: nothing where there is an answer already.
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    ProblemAdvice.Body body = ProblemAdvice.ofStatus(status);
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setHeader(RequestIds.HEADER, body.requestId());
    try {
      Writer writer = response.getReporter();
      if (writer != null) {
        writer.write(Json.write(body));
        response.finishResponse();
      }
    } catch (IOException | IllegalStateException e) {
      LOG.debug("client gone: {}", e.toString());
    }
  }
}
