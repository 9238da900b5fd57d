package io.trainyard.runs.kubernetes;

import io.trainyard.jobs.Reason;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A way to fail.
 *
 * @param pod its status as JSON; null for no pod
 * @param job its status as JSON; null for none
 * @param log whether there is one to keep
 * @param jobGone whether the launcher removes the Job
 */
record FailureShape(
    String name,
    @Nullable String pod,
    @Nullable String job,
    @Nullable Integer code,
    Reason reason,
    String detail,
    boolean log,
    boolean jobGone) {
  @Override
  public String toString() {
    return name;
  }

  static Stream<FailureShape> all() {
    return Stream.of(
        ended("exit code 20 without a report", 20, "Error", Reason.NATIVE_CRASH, "exit code 20"),
        ended("broken", 30, "Error", Reason.NATIVE_CRASH, "exit code 30"),
        ended("no server for its patience", 50, "Error", Reason.RUNNER_LOST, "reach the server"),
        ended("abort", 134, "Error", Reason.NATIVE_CRASH, "134 (SIGABRT)"),
        ended("segmentation fault", 139, "Error", Reason.NATIVE_CRASH, "139 (SIGSEGV)"),
        ended("killed", 137, "Error", Reason.NATIVE_CRASH, "137 (SIGKILL"),
        ended("OOMKilled", 137, "OOMKilled", Reason.OUT_OF_MEMORY, "its limit of 2Gi"),
        ended("no java in the image", 128, "StartError", Reason.START_FAILED, "StartError"),
        ended("done without a report", 0, "Completed", Reason.NATIVE_CRASH, "exit code 0"),
        waiting("ErrImagePull", "manifest unknown"),
        waiting("ImagePullBackOff", "Back-off pulling image \"trainyard:nope\""),
        waiting("InvalidImageName", "couldn't parse image name"),
        waiting("CreateContainerConfigError", "secret \"x\" not found"),
        unscheduled("0/3 nodes are available: 3 Insufficient memory.", Reason.START_FAILED),
        unscheduled(
            "0/3 nodes are available: 3 Insufficient nvidia.com/gpu.", Reason.DEVICE_UNAVAILABLE),
        new FailureShape(
            "no pod: quota or admission",
            null,
            null,
            null,
            Reason.START_FAILED,
            "no pod was made",
            false,
            true),
        new FailureShape(
            "DeadlineExceeded, pod gone",
            null,
            failedJob("DeadlineExceeded", "Job was active longer than specified deadline"),
            null,
            Reason.DEADLINE_EXCEEDED,
            "longer than its Job may",
            false,
            false),
        new FailureShape(
            "DeadlineExceeded of the pod",
            "{\"phase\": \"Failed\", \"reason\": \"DeadlineExceeded\"}",
            null,
            null,
            Reason.DEADLINE_EXCEEDED,
            "longer than its Job may",
            false,
            false),
        new FailureShape(
            "evicted for memory",
            """
            {"phase": "Failed", "reason": "Evicted", "message": "The node was low on resource: memory."}
            """,
            failedJob("BackoffLimitExceeded", "Job has reached the specified backoff limit"),
            null,
            Reason.RUNNER_LOST,
            "was evicted: Evicted: The node was low on resource: memory.",
            false,
            false),
        new FailureShape(
            "evicted for disk, with a container's end",
            """
            {"phase": "Failed", "reason": "Evicted", "message": "Usage of EmptyDir volume exceeds the limit",
             "containerStatuses": [{"name": "runner", "state": {"terminated": {"exitCode": 137}}}]}
            """,
            null,
            137,
            Reason.RUNNER_LOST,
            "EmptyDir volume exceeds",
            true,
            false),
        new FailureShape(
            "preempted",
            """
            {"phase": "Failed", "conditions": [{"type": "DisruptionTarget", "status": "True",
              "reason": "PreemptionByScheduler", "message": "preempted by a pod of higher priority"}],
             "containerStatuses": [{"name": "runner", "state": {"terminated": {"exitCode": 143}}}]}
            """,
            null,
            143,
            Reason.RUNNER_LOST,
            "PreemptionByScheduler: preempted by",
            true,
            false),
        new FailureShape(
            "node lost: the pod still seems to run",
            """
            {"phase": "Running", "conditions": [{"type": "DisruptionTarget", "status": "True",
              "reason": "DeletionByTaintManager", "message": "deleting due to NoExecute taint"}],
             "containerStatuses": [{"name": "runner", "state": {"running": {}}}]}
            """,
            failedJob("BackoffLimitExceeded", "Job has reached the specified backoff limit"),
            null,
            Reason.RUNNER_LOST,
            "DeletionByTaintManager",
            true,
            false),
        new FailureShape(
            "NodeLost",
            "{\"phase\": \"Failed\", \"reason\": \"NodeLost\", \"message\": \"Node n1 is gone\"}",
            null,
            null,
            Reason.RUNNER_LOST,
            "NodeLost: Node n1 is gone",
            false,
            false),
        new FailureShape(
            "pod deleted by hand",
            null,
            failedJob("BackoffLimitExceeded", "Job has reached the specified backoff limit"),
            null,
            Reason.RUNNER_LOST,
            "lost its pod",
            false,
            false));
  }

  private static FailureShape ended(
      String name, int code, String cause, Reason reason, String detail) {
    String pod =
        """
        {"phase": "%s", "containerStatuses": [{"name": "runner",
         "state": {"terminated": {"exitCode": %d, "reason": "%s", "message": "m"}}}]}
        """
            .formatted(code == 0 ? "Succeeded" : "Failed", code, cause);
    return new FailureShape(name, pod, null, code, reason, detail, true, false);
  }

  private static FailureShape waiting(String cause, String message) {
    String pod =
        """
        {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "True"}],
         "containerStatuses": [{"name": "runner",
          "state": {"waiting": {"reason": "%s", "message": "%s"}}}]}
        """
            .formatted(cause, message.replace("\"", "\\\""));
    String detail = "did not start: " + cause + ": " + message + " (for more than";
    return new FailureShape(cause, pod, null, null, Reason.START_FAILED, detail, false, true);
  }

  private static FailureShape unscheduled(String message, Reason reason) {
    String pod =
        """
        {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
          "reason": "Unschedulable", "message": "%s"}]}
        """
            .formatted(message);
    return new FailureShape(
        "Unschedulable: " + message,
        pod,
        null,
        null,
        reason,
        "found no node: " + message,
        false,
        true);
  }

  static String failedJob(String reason, String message) {
    return """
    {"conditions": [{"type": "Failed", "status": "True", "reason": "%s", "message": "%s"}]}
    """
        .formatted(reason, message);
  }
}
