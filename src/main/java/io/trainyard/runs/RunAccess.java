package io.trainyard.runs;

import io.trainyard.artifacts.StoreException;
import io.trainyard.jobs.AttemptId;
import io.trainyard.jobs.Job;
import io.trainyard.jobs.JobRuns;
import io.trainyard.shared.Problem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Lets in the runner of a job's present run. */
@Component
class RunAccess {
  private final JobRuns runs;
  private final Runners runners;

  RunAccess(JobRuns runs, Runners runners) {
    this.runs = runs;
    this.runners = runners;
  }

  /**
   * The job that an attempt runs.
   *
   * @param auth the Authorization header
   * @throws Problem of kind UNAUTHORIZED if the token is not the attempt's, CONFLICT if the attempt
   *     is no longer the job's
   */
  Job current(String attempt, @Nullable RunToken auth) {
    AttemptId id = AttemptId.parse(attempt);
    runners.heard(id);
    runs.authenticate(id, token(auth));
    return runs.current(id).orElseThrow(() -> fenced(attempt));
  }

  /** What takes a file. */
  interface Storing {
    void store(InputStream content) throws IOException;
  }

  /**
   * Stores a file of a present run. A file takes a while: before it is taken as whole, the attempt
   * must still be the job's present one.
   *
   * @throws Problem of kind STORAGE if the store has no room for it
   */
  void store(
      String attempt, @Nullable RunToken auth, String name, InputStream body, Storing storing)
      throws IOException {
    try {
      storing.store(new StillCurrent(body, () -> current(attempt, auth)));
    } catch (StoreException e) {
      throw new Problem(Problem.Kind.STORAGE, name + " cannot be stored: " + e.getMessage());
    }
  }

  private static final class StillCurrent extends FilterInputStream {
    private final Runnable check;

    StillCurrent(InputStream in, Runnable check) {
      super(in);
      this.check = check;
    }

    @Override
    public int read() throws IOException {
      return checked(super.read());
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return checked(super.read(into, offset, length));
    }

    private int checked(int read) {
      if (read < 0) {
        check.run();
      }
      return read;
    }
  }

  static Problem fenced(String attempt) {
    return Problem.conflict("attempt " + attempt + " is no longer the job's present run");
  }

  static @Nullable String token(@Nullable RunToken auth) {
    return auth == null ? null : auth.secret();
  }
}
