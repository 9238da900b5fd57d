package io.trainyard.shared;

import org.slf4j.MDC;

/**
 * What lines of the log say of their occasion, in the MDC. The names are ECS's, so that structured
 * logs have them where other tools look for them.
 */
public final class LogFields {
  public static final String REQUEST = "http.request.id";
  public static final String TRACE = "trace.id";
  public static final String JOB = "trainyard.job.id";

  private LogFields() {}

  /** Does something for a job; lines of this thread about it name the job meanwhile. */
  public static void about(String job, Runnable work) {
    String before = MDC.get(JOB);
    MDC.put(JOB, job);
    try {
      work.run();
    } finally {
      if (before == null) {
        MDC.remove(JOB);
      } else {
        MDC.put(JOB, before);
      }
    }
  }
}
