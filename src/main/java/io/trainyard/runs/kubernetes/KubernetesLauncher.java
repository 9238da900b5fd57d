package io.trainyard.runs.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.trainyard.artifacts.JobDirectories;
import io.trainyard.jobs.AttemptId;
import io.trainyard.runs.RunLauncher;
import io.trainyard.runs.RunnerProperties;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * A Job per attempt. The cluster finds a node for it, and bounds and removes it; the runner reports
 * to any server, so it goes on while this one is away.
 */
@Component
@ConditionalOnProperty(name = "trainyard.launcher", havingValue = "kubernetes")
class KubernetesLauncher implements RunLauncher, DisposableBean {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesLauncher.class);

  private final KubernetesClient client;
  private final String namespace;
  private final RunnerManifests manifests;
  private final RunnerWatch watch;

  KubernetesLauncher(
      KubernetesClient client,
      KubernetesProperties properties,
      RunnerProperties runner,
      JobDirectories directories) {
    if (properties.image().isBlank()) {
      throw new IllegalArgumentException("trainyard.kubernetes.image must name the runner's image");
    }
    if (runner.serverUrl() == null) {
      LOG.warn(
          "trainyard.runner.server-url is not set: pods will look for the server on 127.0.0.1");
    }
    this.client = client;
    this.namespace = namespace(client, properties);
    this.manifests = new RunnerManifests(properties, runner);
    this.watch =
        new RunnerWatch(
            client,
            namespace,
            properties,
            manifests.selector(),
            new RunnerLogs(client, namespace, directories));
    watch.start();
    LOG.info("runners are Jobs in namespace {} of {}", namespace, client.getMasterUrl());
  }

  @Override
  public Handle launch(Request request) throws IOException {
    Job job =
        create(manifests.job(request), client.batch().v1().jobs().inNamespace(namespace)::resource);
    try {
      var unused =
          create(manifests.secret(request, job), client.secrets().inNamespace(namespace)::resource);
    } catch (IOException e) {
      watch.job(RunnerManifests.name(request.id())).delete();
      throw e;
    }
    return watch.follow(request.id());
  }

  @Override
  public Optional<Handle> attach(AttemptId id) throws IOException {
    try {
      boolean gone = watch.job(RunnerManifests.name(id)).get() == null;
      return gone ? Optional.empty() : Optional.of(watch.follow(id));
    } catch (KubernetesClientException e) {
      throw new UnavailableException("the cluster does not answer: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean detached() {
    return true;
  }

  @Override
  public void destroy() {
    watch.close();
  }

  private interface Place<T> {
    Resource<T> of(T manifest);
  }

  /** Created, or found to be there: an answer may have been lost, and the name is the attempt's. */
  private static <T extends HasMetadata> T create(T manifest, Place<T> place) throws IOException {
    String what = manifest.getKind() + " " + manifest.getMetadata().getName();
    try {
      return place.of(manifest).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        LOG.info("{} is there already", what);
        return existing(manifest, place, e);
      }
      String message = what + " cannot be created: " + e.getMessage();
      // Without an answer the code is no status.
      boolean passing =
          e.getCode() < 400
              || e.getCode() == 429
              || e.getCode() >= 500
              || message.contains("exceeded quota");
      throw passing ? new UnavailableException(message, e) : new IOException(message, e);
    }
  }

  private static <T extends HasMetadata> T existing(
      T manifest, Place<T> place, KubernetesClientException conflict) throws IOException {
    // A Secret's name is all that is asked of it; servers may not read Secrets.
    if (!(manifest instanceof Job)) {
      return manifest;
    }
    T found = place.of(manifest).get();
    if (found == null) {
      throw new UnavailableException(manifest.getMetadata().getName() + " is gone again", conflict);
    }
    return found;
  }

  private static String namespace(KubernetesClient client, KubernetesProperties properties) {
    if (properties.namespace() != null && !properties.namespace().isBlank()) {
      return properties.namespace();
    }
    return client.getNamespace() == null ? "default" : client.getNamespace();
  }
}
