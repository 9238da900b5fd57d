package io.trainyard.jobs;

import io.trainyard.shared.LogFields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Says in the log which job a request has brought. It is written by the request's thread, so that
 * the line has the names of the request and of the job: later lines have the job's alone.
 */
@Component
class SubmissionLog {
  private static final Logger LOG = LoggerFactory.getLogger(SubmissionLog.class);

  @TransactionalEventListener(fallbackExecution = true)
  void changed(JobChanged change) {
    if (change.events().stream().anyMatch(event -> event.sequence() == 1)) {
      String id = change.job().id();
      LogFields.about(id, () -> LOG.info("{} submitted", id));
    }
  }
}
