package io.trainyard.jobs;

import io.trainyard.shared.Problem;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names one run of one job: {@code job_01…-2}. */
public record AttemptId(String job, int attempt) {
  private static final Pattern PATTERN = Pattern.compile("(job_[0-9a-z]{26})-(\\d{1,9})");

  /**
   * Reads the text form.
   *
   * @throws Problem of kind NOT_FOUND if it is none
   */
  public static AttemptId parse(String text) {
    Matcher matcher = PATTERN.matcher(text);
    if (!matcher.matches()) {
      throw Problem.notFound("attempt", text);
    }
    return new AttemptId(matcher.group(1), Integer.parseInt(matcher.group(2)));
  }

  @Override
  public String toString() {
    return job + "-" + attempt;
  }
}
