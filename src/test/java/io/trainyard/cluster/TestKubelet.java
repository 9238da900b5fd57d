package io.trainyard.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster does with Jobs: a pod for each, and in its stead the process that the manifest
 * describes, on this machine: its command, and its environment and nothing else.
 */
public final class TestKubelet implements AutoCloseable {
  private final TestCluster cluster;
  private final KubernetesClient client;
  private final Path work;
  private final Map<String, Process> processes = new ConcurrentHashMap<>();
  private final Map<String, String> ends = new ConcurrentHashMap<>();
  private final SharedIndexInformer<Job> jobs;

  public TestKubelet(TestCluster cluster, Path work) {
    this.cluster = cluster;
    this.client = cluster.client();
    this.work = work;
    this.jobs =
        client
            .batch()
            .v1()
            .jobs()
            .inNamespace(TestCluster.NAMESPACE)
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(Job job) {
                    run(job);
                  }

                  @Override
                  public void onUpdate(Job old, Job job) {}

                  @Override
                  public void onDelete(Job job, boolean finalStateUnknown) {
                    remove(job);
                  }
                });
  }

  /** The process of a Job's pod, once it runs. */
  public Process process(String job) {
    Awaitility.await("a process of " + job)
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> processes.containsKey(job));
    return Objects.requireNonNull(processes.get(job));
  }

  /** Ends a pod's process as the kernel does when its memory is used up. */
  public void killForMemory(String job) {
    ends.put(job, "OOMKilled");
    process(job).destroyForcibly();
  }

  /** Ends a pod as a node does that is short of something. */
  public void evict(String job) {
    ends.put(job, "Evicted");
    process(job).destroyForcibly();
  }

  @Override
  public void close() {
    jobs.close();
    processes.values().forEach(Process::destroyForcibly);
  }

  private void run(Job job) {
    String name = job.getMetadata().getName();
    String podName = name + "-0";
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(podName)
            .withLabels(job.getSpec().getTemplate().getMetadata().getLabels())
            .endMetadata()
            .withSpec(job.getSpec().getTemplate().getSpec())
            .build();
    client.pods().inNamespace(TestCluster.NAMESPACE).resource(pod).create();
    status(podName, new PodStatusBuilder().withPhase("Pending").build());
    try {
      Path log = Files.createTempFile(work, podName, ".log");
      cluster.log(podName, () -> read(log));
      Process process = start(pod.getSpec().getContainers().get(0), log);
      status(podName, running());
      processes.put(name, process);
      var unused = process.onExit().thenAccept(ended -> ended(name, podName, ended.exitValue()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process start(Container container, Path log) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(container.getCommand());
    builder.directory(Files.createTempDirectory(work, "pod").toFile());
    builder.environment().clear();
    for (EnvVar variable : container.getEnv()) {
      builder.environment().put(variable.getName(), value(variable));
    }
    // A container without stdin has an empty one.
    builder.redirectInput(new File("/dev/null"));
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    return builder.start();
  }

  private String value(EnvVar variable) {
    if (variable.getValueFrom() == null) {
      return variable.getValue();
    }
    SecretKeySelector key = variable.getValueFrom().getSecretKeyRef();
    return Awaitility.await("the Secret " + key.getName())
        .atMost(10, TimeUnit.SECONDS)
        .until(() -> secret(key), Objects::nonNull);
  }

  private @Nullable String secret(SecretKeySelector key) {
    Secret secret =
        client.secrets().inNamespace(TestCluster.NAMESPACE).withName(key.getName()).get();
    return secret == null ? null : secret.getStringData().get(key.getKey());
  }

  private void ended(String job, String pod, int code) {
    String cause = ends.get(job);
    if (Objects.equals(cause, "Evicted")) {
      status(
          pod,
          new PodStatusBuilder()
              .withPhase("Failed")
              .withReason("Evicted")
              .withMessage("The node was low on resource: memory.")
              .build());
    } else {
      String reason = cause != null ? cause : code == 0 ? "Completed" : "Error";
      status(pod, terminated(code, reason));
    }
    var status = new JobStatusBuilder();
    if (code == 0) {
      status.addNewCondition().withType("Complete").withStatus("True").endCondition();
    } else {
      status
          .addNewCondition()
          .withType("Failed")
          .withStatus("True")
          .withReason("BackoffLimitExceeded")
          .withMessage("Job has reached the specified backoff limit")
          .endCondition();
    }
    client
        .batch()
        .v1()
        .jobs()
        .inNamespace(TestCluster.NAMESPACE)
        .withName(job)
        .editStatus(
            j -> {
              j.setStatus(status.build());
              return j;
            });
  }

  /** The pod ends with its Job, after its grace period; the Secret goes, too. */
  private void remove(Job job) {
    String name = job.getMetadata().getName();
    Process process = processes.get(name);
    if (process != null && process.isAlive()) {
      process.destroy();
      long grace = job.getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds();
      var unused =
          process
              .onExit()
              .orTimeout(grace, TimeUnit.SECONDS)
              .whenComplete((ended, late) -> process.destroyForcibly());
    }
    client.pods().inNamespace(TestCluster.NAMESPACE).withName(name + "-0").delete();
    client.secrets().inNamespace(TestCluster.NAMESPACE).withName(name).delete();
  }

  private void status(String pod, PodStatus status) {
    client
        .pods()
        .inNamespace(TestCluster.NAMESPACE)
        .withName(pod)
        .editStatus(
            p -> {
              p.setStatus(status);
              return p;
            });
  }

  private static PodStatus running() {
    return new PodStatusBuilder()
        .withPhase("Running")
        .withContainerStatuses(
            new ContainerStatusBuilder()
                .withName("runner")
                .withState(new ContainerStateBuilder().withNewRunning().endRunning().build())
                .build())
        .build();
  }

  private static PodStatus terminated(int code, String reason) {
    return new PodStatusBuilder()
        .withPhase(code == 0 ? "Succeeded" : "Failed")
        .withContainerStatuses(
            new ContainerStatusBuilder()
                .withName("runner")
                .withState(
                    new ContainerStateBuilder()
                        .withNewTerminated()
                        .withExitCode(code)
                        .withReason(reason)
                        .endTerminated()
                        .build())
                .build())
        .build();
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
