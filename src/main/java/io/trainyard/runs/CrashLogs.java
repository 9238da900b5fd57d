package io.trainyard.runs;

import io.trainyard.artifacts.ArtifactStore;
import io.trainyard.jobs.AttemptId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What is left of a runner that was lost, as the artifact {@code crash-N.log} of its job. */
@Component
class CrashLogs {
  private static final Logger LOG = LoggerFactory.getLogger(CrashLogs.class);

  private final ArtifactStore artifacts;

  CrashLogs(ArtifactStore artifacts) {
    this.artifacts = artifacts;
  }

  /** A log that cannot be kept is no reason to keep the job from its next attempt. */
  void keep(AttemptId id, String what, String lastWords) {
    byte[] text = (what + "\n\n" + lastWords).getBytes(StandardCharsets.UTF_8);
    String name = "crash-" + id.attempt() + ".log";
    try {
      artifacts.put(id.job(), name, new ByteArrayInputStream(text));
    } catch (IOException e) {
      LOG.warn("{} of {} cannot be kept: {}", name, id.job(), e.toString());
    }
  }
}
