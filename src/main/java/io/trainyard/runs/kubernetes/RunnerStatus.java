package io.trainyard.runs.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.trainyard.jobs.Reason;
import io.trainyard.runner.RunnerExit;
import io.trainyard.runs.ExitReason;
import io.trainyard.runs.RunLauncher.Exit;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a Job and its pod say of the runner. Either may be missing, or not be known yet. */
record RunnerStatus(@Nullable Job job, @Nullable Pod pod) {
  private static final String DEADLINE = "DeadlineExceeded";
  private static final Set<String> NOT_STARTED =
      Set.of("StartError", "ContainerCannotRun", "RunContainerError");

  /** Waiting reasons of a container that pass by themselves, if all is well. */
  private static final Set<String> ON_ITS_WAY = Set.of("ContainerCreating", "PodInitializing");

  /**
   * Why a runner does not begin.
   *
   * @param scheduling whether it waits for a node, or has one and waits there
   */
  record Delay(boolean scheduling, Reason reason, String detail) {}

  /** How the runner ended; empty if it has not, or if the cluster has yet to say why. */
  Optional<Exit> ended() {
    JobCondition failure = failure();
    if (failure != null && DEADLINE.equals(failure.getReason())) {
      return Optional.of(new Exit(exitCode(), Reason.DEADLINE_EXCEEDED, deadlineDetail()));
    }
    if (pod == null) {
      return failure == null
          ? finished()
          : lost("lost its pod: " + text(failure.getReason(), failure.getMessage()));
    }
    String cause = pod.getStatus() == null ? null : pod.getStatus().getReason();
    if (DEADLINE.equals(cause)) {
      return Optional.of(new Exit(exitCode(), Reason.DEADLINE_EXCEEDED, deadlineDetail()));
    }
    ContainerStateTerminated end = termination();
    if (end != null && end.getExitCode() == RunnerExit.DONE.code()) {
      return Optional.of(ExitReason.of(end.getExitCode(), ""));
    }
    if (end != null && "OOMKilled".equals(end.getReason())) {
      return Optional.of(
          new Exit(end.getExitCode(), Reason.OUT_OF_MEMORY, "used more memory than " + limit()));
    }
    boolean over = failure != null || phase("Failed");
    PodCondition disruption = condition("DisruptionTarget");
    if (over && disruption != null) {
      return lost("was evicted: " + text(disruption.getReason(), disruption.getMessage()));
    }
    if (phase("Failed") && cause != null) {
      return lost("was evicted: " + text(cause, pod.getStatus().getMessage()));
    }
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      // The Job's condition, which says why, may come after the end of its pod.
      return failure == null ? Optional.empty() : lost("lost its pod, which was deleted");
    }
    if (end != null) {
      return Optional.of(exit(end));
    }
    // A Job that has failed while its pod seems to run: the pod's end is on its way.
    return phase("Failed")
        ? lost("ended, and nothing is known of its container")
        : Optional.empty();
  }

  /**
   * Why the runner does not begin; empty if it has, or if nothing is wrong yet.
   *
   * @param gpu the name of the resource that GPUs are
   */
  Optional<Delay> delay(String gpu) {
    if (pod == null) {
      return Optional.of(
          new Delay(true, Reason.START_FAILED, "no pod was made, perhaps for a quota or a policy"));
    }
    PodCondition scheduled = condition("PodScheduled", "False");
    if (scheduled != null) {
      String message = String.valueOf(scheduled.getMessage());
      return Optional.of(
          new Delay(
              true,
              message.contains(gpu) ? Reason.DEVICE_UNAVAILABLE : Reason.START_FAILED,
              "found no node: " + message));
    }
    ContainerState state = containerState();
    if (state == null || state.getWaiting() == null || state.getWaiting().getReason() == null) {
      return Optional.empty();
    }
    String reason = state.getWaiting().getReason();
    return ON_ITS_WAY.contains(reason)
        ? Optional.empty()
        : Optional.of(
            new Delay(
                false,
                Reason.START_FAILED,
                "did not start: " + text(reason, state.getWaiting().getMessage())));
  }

  /** Whether there is something in the container's log. */
  boolean logged() {
    ContainerState state = containerState();
    return state != null && (state.getRunning() != null || state.getTerminated() != null);
  }

  private Exit exit(ContainerStateTerminated end) {
    int code = end.getExitCode();
    if (end.getReason() != null && NOT_STARTED.contains(end.getReason())) {
      return new Exit(
          code, Reason.START_FAILED, "did not start: " + text(end.getReason(), end.getMessage()));
    }
    if (code == RunnerExit.ORPHANED.code()) {
      return new Exit(code, Reason.RUNNER_LOST, "could not reach the server and ended");
    }
    return ExitReason.of(code, "");
  }

  private Optional<Exit> finished() {
    boolean complete =
        job != null
            && job.getStatus() != null
            && job.getStatus().getConditions().stream()
                .anyMatch(c -> "Complete".equals(c.getType()) && "True".equals(c.getStatus()));
    return complete ? Optional.of(ExitReason.of(RunnerExit.DONE.code(), "")) : Optional.empty();
  }

  private Optional<Exit> lost(String detail) {
    return Optional.of(new Exit(exitCode(), Reason.RUNNER_LOST, detail));
  }

  private @Nullable JobCondition failure() {
    if (job == null || job.getStatus() == null) {
      return null;
    }
    // FailureTarget: it will fail as soon as its pod has ended.
    boolean ended = pod == null || termination() != null;
    return job.getStatus().getConditions().stream()
        .filter(c -> "Failed".equals(c.getType()) || (ended && "FailureTarget".equals(c.getType())))
        .filter(c -> "True".equals(c.getStatus()))
        .findFirst()
        .orElse(null);
  }

  private @Nullable PodCondition condition(String type) {
    return condition(type, "True");
  }

  private @Nullable PodCondition condition(String type, String status) {
    if (pod == null || pod.getStatus() == null) {
      return null;
    }
    return pod.getStatus().getConditions().stream()
        .filter(c -> type.equals(c.getType()) && status.equals(c.getStatus()))
        .findFirst()
        .orElse(null);
  }

  private boolean phase(String phase) {
    return pod != null && pod.getStatus() != null && phase.equals(pod.getStatus().getPhase());
  }

  private @Nullable ContainerState containerState() {
    if (pod == null || pod.getStatus() == null) {
      return null;
    }
    return pod.getStatus().getContainerStatuses().stream()
        .filter(c -> RunnerManifests.CONTAINER.equals(c.getName()))
        .map(ContainerStatus::getState)
        .findFirst()
        .orElse(null);
  }

  private @Nullable ContainerStateTerminated termination() {
    ContainerState state = containerState();
    return state == null ? null : state.getTerminated();
  }

  private @Nullable Integer exitCode() {
    ContainerStateTerminated end = termination();
    return end == null ? null : end.getExitCode();
  }

  private String deadlineDetail() {
    Long seconds = job == null ? null : job.getSpec().getActiveDeadlineSeconds();
    return "ran longer than its Job may" + (seconds == null ? "" : " (" + seconds + " s)");
  }

  private String limit() {
    Quantity memory =
        pod == null
            ? null
            : pod.getSpec().getContainers().get(0).getResources().getLimits().get("memory");
    return memory == null ? "there was" : "its limit of " + memory;
  }

  private static String text(@Nullable String reason, @Nullable String message) {
    return message == null || message.isEmpty() ? String.valueOf(reason) : reason + ": " + message;
  }
}
