package io.trainyard.shared;

import java.util.List;

/**
 * A request that cannot be met, with what the client needs to mend it. Rendered as {@code
 * application/problem+json} (RFC 9457); the runner reports one as the error of its job.
 */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The kinds of problem: HTTP status, stable code and title. */
  public enum Kind {
    MALFORMED(400, "malformed", "The request cannot be read"),
    UNAUTHORIZED(401, "unauthorized", "Credentials are missing or wrong"),
    FORBIDDEN(403, "forbidden", "The caller may not do this"),
    NOT_FOUND(404, "not_found", "There is no such resource"),
    CONFLICT(409, "conflict", "The resource's state does not allow this"),
    TOO_LARGE(413, "too_large", "The request is too large"),
    INVALID(422, "invalid", "The document is not valid"),
    QUEUE_FULL(429, "queue_full", "The queue is full"),
    TOO_MANY_REQUESTS(429, "too_many_requests", "The caller asks for too much at a time"),
    UNAVAILABLE(503, "unavailable", "A part of the service is not available"),
    TIMEOUT(504, "timeout", "The calculation took too long"),
    STORAGE(507, "storage", "The file cannot be stored");

    private final int status;
    private final String code;
    private final String title;

    Kind(int status, String code, String title) {
      this.status = status;
      this.code = code;
      this.title = title;
    }

    public int status() {
      return status;
    }

    public String code() {
      return code;
    }

    public String title() {
      return title;
    }
  }

  /** One error and the JSON pointer of its place in the request's document ("" is the whole). */
  public record Place(String pointer, String detail) {}

  private final Kind kind;
  private final transient List<Place> places;

  public Problem(Kind kind, String detail, List<Place> places) {
    super(detail);
    this.kind = kind;
    this.places = List.copyOf(places);
  }

  public Problem(Kind kind, String detail) {
    this(kind, detail, List.of());
  }

  /** A document with one thing wrong, at {@code pointer}. */
  public static Problem invalid(String pointer, String detail) {
    return new Problem(Kind.INVALID, detail, List.of(new Place(pointer, detail)));
  }

  public static Problem notFound(String what, String id) {
    return new Problem(Kind.NOT_FOUND, "no " + what + " '" + id + "'");
  }

  public static Problem conflict(String detail) {
    return new Problem(Kind.CONFLICT, detail);
  }

  public Kind kind() {
    return kind;
  }

  /** The detail in one sentence. */
  public String detail() {
    return String.valueOf(getMessage());
  }

  public List<Place> places() {
    return places;
  }
}
