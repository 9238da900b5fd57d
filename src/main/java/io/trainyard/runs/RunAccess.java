package io.trainyard.runs;

import io.trainyard.jobs.AttemptId;
import io.trainyard.jobs.Job;
import io.trainyard.jobs.JobRuns;
import io.trainyard.shared.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Lets in the runner of a job's present run. */
@Component
class RunAccess {
  private final JobRuns runs;

  RunAccess(JobRuns runs) {
    this.runs = runs;
  }

  /**
   * The job that an attempt runs.
   *
   * @param auth the Authorization header
   * @throws Problem of kind UNAUTHORIZED if the token is not the attempt's, CONFLICT if the attempt
   *     is no longer the job's
   */
  Job current(String attempt, @Nullable String auth) {
    AttemptId id = AttemptId.parse(attempt);
    runs.authenticate(id, token(auth));
    return runs.current(id).orElseThrow(() -> fenced(attempt));
  }

  static Problem fenced(String attempt) {
    return Problem.conflict("attempt " + attempt + " is no longer the job's present run");
  }

  static @Nullable String token(@Nullable String auth) {
    return auth != null && auth.startsWith("Bearer ") ? auth.substring(7) : null;
  }
}
