package io.trainyard.shared.web;

import static io.trainyard.shared.Sql.timestamp;

import io.trainyard.shared.Digests;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes a POST safe to send again: the same {@code Idempotency-Key} and body get the first answer.
 * The key is taken in the transaction of the work itself, so that a crash leaves both or neither.
 * Answers of failed requests are not kept: nothing happened.
 */
@Component
public class Idempotency {
  public static final String HEADER = "Idempotency-Key";
  private static final Duration KEPT = Duration.ofDays(1);
  private static final int MAX_KEY = 255;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private final Scope scope;

  Idempotency(JdbcClient jdbc, TransactionTemplate transaction, Clock clock, Scope scope) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.clock = clock;
    this.scope = scope;
  }

  /** Tells apart those whose keys have nothing to do with each other. */
  @FunctionalInterface
  public interface Scope {
    /** Without spaces. */
    String get();
  }

  /** What a request does once. */
  public interface Work {
    ResponseEntity<?> answer() throws IOException;
  }

  private record Kept(String fingerprint, int status, @Nullable String location, String body) {}

  /**
   * Does the work unless the key was seen before.
   *
   * @param route tells apart the routes on which a key is used
   * @param body what must be the same for the same key
   * @throws Problem of kind INVALID if the key was used with another body
   */
  public ResponseEntity<?> once(String route, @Nullable String key, byte[] body, Work work)
      throws IOException {
    if (key == null) {
      return work.answer();
    }
    if (key.isBlank() || key.length() > MAX_KEY) {
      throw new Problem(
          Problem.Kind.MALFORMED, HEADER + ": expected 1 to " + MAX_KEY + " characters");
    }
    String id = scope.get() + " " + route + " " + key;
    String fingerprint = Digests.sha256(body);
    Optional<Kept> kept = find(id);
    if (kept.isPresent()) {
      return replay(kept.get(), fingerprint);
    }
    try {
      return Objects.requireNonNull(
          transaction.execute(
              status -> {
                try {
                  return keep(id, fingerprint, work.answer());
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (DuplicateKeyException e) {
      // Another request with the key was quicker; its answer is there now.
      return replay(find(id).orElseThrow(() -> e), fingerprint);
    }
  }

  private Optional<Kept> find(String id) {
    return jdbc.sql("select * from idempotent_requests where request_key = ?")
        .param(id)
        .query(
            (rs, row) ->
                new Kept(
                    rs.getString("fingerprint"),
                    rs.getInt("status"),
                    rs.getString("location"),
                    rs.getString("body")))
        .optional();
  }

  private ResponseEntity<?> keep(String id, String fingerprint, ResponseEntity<?> answer) {
    Instant now = clock.instant();
    jdbc.sql("delete from idempotent_requests where created_at < ?")
        .param(timestamp(now.minus(KEPT)))
        .update();
    URI location = answer.getHeaders().getLocation();
    jdbc.sql(
            """
            insert into idempotent_requests
              (request_key, fingerprint, status, location, body, created_at)
            values (:key, :fingerprint, :status, :location, :body, :now)
            """)
        .param("key", id)
        .param("fingerprint", fingerprint)
        .param("status", answer.getStatusCode().value())
        .param("location", location == null ? null : location.toString())
        .param("body", Json.write(Objects.requireNonNull(answer.getBody())))
        .param("now", timestamp(now))
        .update();
    return answer;
  }

  private static ResponseEntity<?> replay(Kept kept, String fingerprint) {
    if (!kept.fingerprint().equals(fingerprint)) {
      throw new Problem(
          Problem.Kind.INVALID, HEADER + " was used before with another body; take a new key");
    }
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(kept.status()).contentType(MediaType.APPLICATION_JSON);
    if (kept.location() != null) {
      answer.location(URI.create(kept.location()));
    }
    return answer.body(kept.body());
  }
}
