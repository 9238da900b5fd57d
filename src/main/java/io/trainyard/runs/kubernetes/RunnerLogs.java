package io.trainyard.runs.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.trainyard.artifacts.JobDirectories;
import io.trainyard.jobs.AttemptId;
import java.io.IOException;
import java.nio.file.Files;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what runners printed, before the cluster forgets it with their pods. */
final class RunnerLogs {
  private static final Logger LOG = LoggerFactory.getLogger(RunnerLogs.class);
  private static final int MAX_BYTES = 16 << 20;

  private final KubernetesClient client;
  private final String namespace;
  private final JobDirectories directories;

  RunnerLogs(KubernetesClient client, String namespace, JobDirectories directories) {
    this.client = client;
    this.namespace = namespace;
    this.directories = directories;
  }

  /** The pod's log becomes the attempt's. One request; the client's own would wait for the pod. */
  void save(AttemptId id, String pod) {
    String path =
        "/api/v1/namespaces/%s/pods/%s/log?container=%s&limitBytes=%d"
            .formatted(namespace, pod, RunnerManifests.CONTAINER, MAX_BYTES);
    try {
      String text = client.raw(path);
      if (text != null) {
        Files.writeString(directories.log(id.job(), id.attempt()), text);
      }
    } catch (KubernetesClientException | IOException e) {
      LOG.warn("the log of attempt {} cannot be kept: {}", id, e.toString());
    }
  }
}
