package io.trainyard.runs.kubernetes;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.trainyard.jobs.AttemptId;
import io.trainyard.jobs.Reason;
import io.trainyard.runs.RunLauncher.Exit;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the Jobs of this server's attempts and their pods. One watch of each kind serves all of
 * them; what comes in is looked at on one thread.
 */
final class RunnerWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunnerWatch.class);
  private static final Duration TICK = Duration.ofSeconds(1);

  /**
   * Jobs and pods are watched apart: a Job may be over before its pod is seen, which says more. A
   * new Job may be followed before it is seen.
   */
  private static final Duration SETTLE = Duration.ofSeconds(2);

  private static final Exit DELETED =
      new Exit(null, Reason.RUNNER_LOST, "lost its Job: it was deleted");

  private final KubernetesClient client;
  private final String namespace;
  private final KubernetesProperties properties;
  private final RunnerLogs logs;
  private final SharedIndexInformer<Job> jobs;
  private final SharedIndexInformer<Pod> pods;
  private final Map<String, KubernetesRun> runs = new ConcurrentHashMap<>();
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "trainyard-kubernetes"));

  RunnerWatch(
      KubernetesClient client,
      String namespace,
      KubernetesProperties properties,
      Map<String, String> selector,
      RunnerLogs logs) {
    this.client = client;
    this.namespace = namespace;
    this.properties = properties;
    this.logs = logs;
    this.jobs =
        client
            .batch()
            .v1()
            .jobs()
            .inNamespace(namespace)
            .withLabels(selector)
            .runnableInformer(0)
            .addEventHandler(
                handler((name, deleted) -> submit(deleted ? () -> gone(name) : () -> check(name))));
    this.pods =
        client
            .pods()
            .inNamespace(namespace)
            .withLabels(selector)
            .runnableInformer(0)
            .addEventHandler(handler((name, deleted) -> submit(() -> check(name))));
    // Also at the start: the cluster may be out of reach just now.
    jobs.exceptionHandler((started, error) -> retry("Jobs", error));
    pods.exceptionHandler((started, error) -> retry("pods", error));
  }

  void start() {
    var unusedJobs = jobs.start();
    var unusedPods = pods.start();
    var unusedTicks =
        worker.scheduleWithFixedDelay(
            () -> runs.keySet().forEach(name -> guarded(() -> check(name)).run()),
            TICK.toMillis(),
            TICK.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** Follows an attempt whose Job is there. */
  KubernetesRun follow(AttemptId id) {
    String name = RunnerManifests.name(id);
    KubernetesRun run = runs.computeIfAbsent(name, n -> new KubernetesRun(id, n, this));
    submit(() -> check(name));
    return run;
  }

  /** The Job of that name, which need not be there. */
  Resource<Job> job(String name) {
    return client.batch().v1().jobs().inNamespace(namespace).withName(name);
  }

  /** Has the Job removed, and with it the pod, which gets its grace period to end. */
  void kill(KubernetesRun run) {
    submit(() -> check(run.name()));
  }

  @Override
  public void close() {
    jobs.stop();
    pods.stop();
    worker.shutdownNow();
  }

  private void check(String name) {
    KubernetesRun run = runs.get(name);
    if (run == null) {
      return;
    }
    RunnerStatus status = status(name);
    Duration grace = run.grace();
    if (grace != null) {
      saveLog(run, status);
      delete(run, grace);
      end(run, DELETED);
      return;
    }
    if (run.jobless(status.job() == null).compareTo(SETTLE) > 0 && job(name).get() == null) {
      gone(name); // before it was seen, so no watch tells of it
      return;
    }
    Exit exit = status.ended().orElse(null);
    boolean podless = exit != null && status.pod() == null;
    boolean settled = run.podless(podless).compareTo(SETTLE) > 0;
    if (exit != null) {
      if (settled || !podless) {
        finish(run, status, exit);
      }
      return;
    }
    RunnerStatus.Delay delay = status.delay(properties.gpu().resource()).orElse(null);
    Duration limit =
        delay != null && delay.scheduling() ? properties.scheduleLimit() : properties.imageLimit();
    if (run.delayed(delay).compareTo(limit) > 0 && delay != null) {
      String detail = delay.detail() + " (for more than " + limit.toSeconds() + " s)";
      delete(run, Duration.ZERO);
      finish(run, status, new Exit(null, delay.reason(), detail));
    }
  }

  private void gone(String name) {
    KubernetesRun run = runs.get(name);
    if (run != null) {
      finish(run, status(name), DELETED);
    }
  }

  private void finish(KubernetesRun run, RunnerStatus status, Exit exit) {
    saveLog(run, status);
    end(run, exit);
  }

  private void end(KubernetesRun run, Exit exit) {
    runs.remove(run.name());
    run.ended(exit);
  }

  private void saveLog(KubernetesRun run, RunnerStatus status) {
    Pod pod = status.pod();
    if (pod != null && status.logged()) {
      logs.save(run.id(), pod.getMetadata().getName());
    }
  }

  private void delete(KubernetesRun run, Duration grace) {
    job(run.name())
        .withPropagationPolicy(DeletionPropagation.BACKGROUND)
        .withGracePeriod(grace.toSeconds())
        .delete();
  }

  private RunnerStatus status(String name) {
    Pod pod =
        pods.getStore().list().stream()
            .filter(p -> name.equals(run(p)))
            .max(Comparator.comparing(p -> p.getMetadata().getCreationTimestamp()))
            .orElse(null);
    return new RunnerStatus(jobs.getStore().getByKey(namespace + "/" + name), pod);
  }

  private void submit(Runnable task) {
    try {
      worker.execute(guarded(task));
    } catch (RejectedExecutionException e) {
      LOG.debug("closed", e);
    }
  }

  /** The next tick tries again. */
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.warn("the cluster did not do as asked: {}", e.toString());
      }
    };
  }

  private boolean retry(String what, Throwable error) {
    if (worker.isShutdown()) {
      return false;
    }
    LOG.warn("{} cannot be watched: {}; trying again", what, error.toString());
    return true;
  }

  private static @Nullable String run(HasMetadata resource) {
    return resource.getMetadata().getLabels().get(RunnerManifests.RUN_LABEL);
  }

  private interface Change {
    void happened(String run, boolean deleted);
  }

  private static <T extends HasMetadata> ResourceEventHandler<T> handler(Change change) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(T resource) {
        tell(resource, false);
      }

      @Override
      public void onUpdate(T old, T resource) {
        tell(resource, false);
      }

      @Override
      public void onDelete(T resource, boolean finalStateUnknown) {
        tell(resource, true);
      }

      private void tell(T resource, boolean deleted) {
        String run = run(resource);
        if (run != null) {
          change.happened(run, deleted);
        }
      }
    };
  }
}
