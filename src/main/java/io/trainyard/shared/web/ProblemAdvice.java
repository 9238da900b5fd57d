package io.trainyard.shared.web;

import io.trainyard.shared.Problem;
import java.io.EOFException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.catalina.connector.ClientAbortException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Renders everything that goes wrong as application/problem+json, never with a stack trace. */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

  /** RFC 9457's members, and this service's code, places and names for the request. */
  record Body(
      String type,
      String title,
      int status,
      String detail,
      String code,
      List<Problem.Place> errors,
      String requestId,
      String traceId) {}

  @ExceptionHandler
  ResponseEntity<Object> problem(Problem problem) {
    Problem.Kind kind = problem.kind();
    Body body =
        detail(kind.status(), kind.code(), kind.title(), problem.detail(), problem.places());
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(kind.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (kind == Problem.Kind.QUEUE_FULL) {
      answer.header(HttpHeaders.RETRY_AFTER, "10");
    } else if (kind == Problem.Kind.UNAVAILABLE) {
      answer.header(HttpHeaders.RETRY_AFTER, "5");
    } else if (kind == Problem.Kind.TOO_MANY_REQUESTS) {
      answer.header(HttpHeaders.RETRY_AFTER, "1");
    }
    return answer.body(body);
  }

  /** Two requests for the same name at the same moment: the database lets one through. */
  @ExceptionHandler
  ResponseEntity<Object> race(DuplicateKeyException e) {
    return problem(Problem.conflict("another request has just stored the same; send it again"));
  }

  /** The firewall looks at headers and parameters when they are read. */
  @ExceptionHandler
  ResponseEntity<Object> rejected(RequestRejectedException e) {
    return problem(whole(Problem.Kind.MALFORMED, "a header or parameter cannot be read"));
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
      HttpMessageNotReadableException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    return e.getCause() instanceof BodyTooLargeException large
        ? problem(whole(Problem.Kind.TOO_LARGE, String.valueOf(large.getMessage())))
        : problem(whole(Problem.Kind.MALFORMED, "the body cannot be read"));
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleMaxUploadSizeExceededException(
      MaxUploadSizeExceededException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    return problem(
        whole(Problem.Kind.TOO_LARGE, "the upload is larger than trainyard.limits.upload"));
  }

  /** A problem of the body as a whole. */
  private static Problem whole(Problem.Kind kind, String detail) {
    return new Problem(kind, detail, List.of(new Problem.Place("", detail)));
  }

  /** The database is away, or held by a server that hangs: another try may succeed. */
  @ExceptionHandler({
    DataAccessResourceFailureException.class,
    TransientDataAccessException.class,
    TransactionException.class
  })
  ResponseEntity<Object> databaseAway(Exception e) {
    LOG.warn("the database did not answer: {}", e.toString());
    return problem(new Problem(Problem.Kind.UNAVAILABLE, "the database does not answer now"));
  }

  @ExceptionHandler
  @Nullable ResponseEntity<Object> unexpected(Exception e) {
    if (isDisconnect(e)) {
      LOG.debug("client gone: {}", e.toString());
      return null;
    }
    LOG.error("request failed", e);
    return ResponseEntity.internalServerError()
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(failure(500));
  }

  /** Spring's own exceptions: what they say, in this service's form. */
  @Override
  protected @Nullable ResponseEntity<Object> handleExceptionInternal(
      Exception e,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    HttpStatus known = HttpStatus.resolve(status.value());
    String title = known == null ? "Error" : known.getReasonPhrase();
    String code = code(status, title);
    ProblemDetail told = e instanceof ErrorResponse response ? response.getBody() : null;
    String detail = told == null || told.getDetail() == null ? title : told.getDetail();
    return ResponseEntity.status(status)
        .headers(headers)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(detail(status.value(), code, title, detail, List.of()));
  }

  /** What Tomcat has answered by a status alone. */
  static Body ofStatus(int status) {
    HttpStatus known = HttpStatus.resolve(status);
    String title = known == null ? "Error" : known.getReasonPhrase();
    return status < 500
        ? detail(
            status,
            code(HttpStatusCode.valueOf(status), title),
            title,
            "the request's line or headers cannot be read",
            List.of())
        : failure(status);
  }

  private static Body failure(int status) {
    return detail(
        status,
        "internal",
        "The server failed",
        "see the server's log, where request_id names the lines",
        List.of());
  }

  /** The codes of {@link Problem.Kind} where they say the same. */
  private static String code(HttpStatusCode status, String title) {
    return Arrays.stream(Problem.Kind.values())
        .filter(kind -> kind.status() == status.value())
        .map(Problem.Kind::code)
        .findFirst()
        .orElseGet(() -> title.toLowerCase(Locale.ROOT).replace(' ', '_'));
  }

  private static Body detail(
      int status, String code, String title, String detail, List<Problem.Place> places) {
    RequestIds ids = RequestIds.current();
    return new Body(
        "urn:trainyard:problem:" + code,
        title,
        status,
        detail,
        code,
        places,
        ids.request(),
        ids.trace());
  }

  /** The client closed the connection while it sent or was sent to: there is nobody to answer. */
  private static boolean isDisconnect(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof EOFException || cause instanceof ClientAbortException) {
        return true;
      }
    }
    return false;
  }
}
