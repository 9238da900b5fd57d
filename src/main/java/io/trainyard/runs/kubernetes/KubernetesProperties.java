package io.trainyard.runs.kubernetes;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Runners as Jobs of Kubernetes.
 *
 * @param apiServer address of the API server; without one that of the pod's service account or of
 *     kubectl's configuration
 * @param namespace of the Jobs; without one the server's own
 * @param instance tells this installation's Jobs from those of others in the namespace
 * @param image that has the runner; needed
 * @param imagePullPolicy Always, IfNotPresent or Never
 * @param imagePullSecrets names of the secrets to pull the image with
 * @param java the java command in the image
 * @param classPath of the runner in the image
 * @param serviceAccount of the pods, which get no token of it; without one the namespace's default
 * @param runAsUser numeric user of the pods; without one the image's
 * @param workSize bound of a pod's only writable directory
 * @param priorityClass of the pods
 * @param runtimeClass of the pods
 * @param labels added to Jobs and pods
 * @param annotations added to pods
 * @param env environment added to runners
 * @param nodeSelector labels that nodes must have
 * @param tolerations of the nodes' taints
 * @param ttl how long an ended Job stays
 * @param deadline bound of every attempt, whatever its job allows; without one only the job's
 * @param deadlineMargin added to what is left of max_runtime_seconds, for the start of the pod
 * @param imageLimit how long a container may wait for its image or configuration
 * @param scheduleLimit how long a pod may wait for a node
 * @param patience how long a runner goes on while it cannot reach the server
 */
@ConfigurationProperties("trainyard.kubernetes")
record KubernetesProperties(
    @Nullable URI apiServer,
    @Nullable String namespace,
    @DefaultValue("trainyard") String instance,
    @DefaultValue("") String image,
    @DefaultValue("IfNotPresent") String imagePullPolicy,
    @DefaultValue List<String> imagePullSecrets,
    @DefaultValue("java") String java,
    @DefaultValue("/opt/trainyard/trainyard.jar") String classPath,
    @Nullable String serviceAccount,
    @Nullable Long runAsUser,
    @DefaultValue("2Gi") String workSize,
    @Nullable String priorityClass,
    @Nullable String runtimeClass,
    @DefaultValue Map<String, String> labels,
    @DefaultValue Map<String, String> annotations,
    @DefaultValue Map<String, String> env,
    @DefaultValue Map<String, String> nodeSelector,
    @DefaultValue List<Toleration> tolerations,
    @DefaultValue Resources resources,
    @DefaultValue Gpu gpu,
    @DefaultValue("1h") Duration ttl,
    @Nullable Duration deadline,
    @DefaultValue("10m") Duration deadlineMargin,
    @DefaultValue("5m") Duration imageLimit,
    @DefaultValue("10m") Duration scheduleLimit,
    @DefaultValue("10m") Duration patience) {

  /**
   * What a runner gets of a node.
   *
   * @param cpu requested, as 2 or 500m
   * @param cpuLimit bound of it; without one it may use what is idle
   * @param memory requested, and the bound: Java heap and tensors together
   */
  record Resources(
      @DefaultValue("1") String cpu,
      @Nullable String cpuLimit,
      @DefaultValue("2Gi") String memory) {}

  /**
   * What a job that asks for cuda gets besides.
   *
   * @param resource name of the resource that GPUs are
   * @param count of them
   * @param image with PyTorch for CUDA; without one the usual image
   * @param runtimeClass of such pods
   * @param nodeSelector labels that nodes must have
   * @param tolerations of the nodes' taints
   */
  record Gpu(
      @DefaultValue("nvidia.com/gpu") String resource,
      @DefaultValue("1") int count,
      @Nullable String image,
      @Nullable String runtimeClass,
      @DefaultValue Map<String, String> nodeSelector,
      @DefaultValue List<Toleration> tolerations) {}

  /**
   * As in a pod.
   *
   * @param operator Equal or Exists
   * @param effect NoSchedule, PreferNoSchedule or NoExecute; without one all of them
   * @param seconds how long NoExecute is tolerated; without one for ever
   */
  record Toleration(
      @Nullable String key,
      @DefaultValue("Equal") String operator,
      @Nullable String value,
      @Nullable String effect,
      @Nullable Long seconds) {}
}
