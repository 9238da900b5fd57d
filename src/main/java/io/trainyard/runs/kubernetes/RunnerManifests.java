package io.trainyard.runs.kubernetes;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.trainyard.jobs.AttemptId;
import io.trainyard.processes.EngineProcess;
import io.trainyard.runner.RunnerEnvironment;
import io.trainyard.runs.RunLauncher;
import io.trainyard.runs.RunnerProperties;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is sent to the cluster for an attempt: a Job, and a Secret with the runner's token. */
final class RunnerManifests {
  static final String CONTAINER = "runner";

  /** Of Jobs and their pods: the name of the Job. */
  static final String RUN_LABEL = "trainyard.io/run";

  private static final String JOB_LABEL = "trainyard.io/job";
  private static final String ATTEMPT_LABEL = "trainyard.io/attempt";
  private static final String TOKEN_KEY = "token";
  private static final String WORK = "/tmp";

  private final KubernetesProperties properties;
  private final RunnerProperties runner;
  private final int graceSeconds;

  RunnerManifests(KubernetesProperties properties, RunnerProperties runner) {
    this.properties = properties;
    this.runner = runner;
    this.graceSeconds = (int) Math.max(1, runner.cancelGrace().toSeconds());
  }

  /** The same for every server that asks, so that creating it twice is one creation. */
  static String name(AttemptId id) {
    return "trainyard-" + id.toString().replace('_', '-');
  }

  /** What the Jobs and pods of this installation have in common. */
  Map<String, String> selector() {
    return Map.of(
        "app.kubernetes.io/component",
        CONTAINER,
        "app.kubernetes.io/instance",
        properties.instance(),
        "app.kubernetes.io/managed-by",
        "trainyard");
  }

  Job job(RunLauncher.Request request) {
    AttemptId id = request.id();
    Map<String, String> labels = labels(id);
    return new JobBuilder()
        .withNewMetadata()
        .withName(name(id))
        .withLabels(labels)
        .endMetadata()
        .withNewSpec()
        // Whether there is another attempt is for the server to say.
        .withBackoffLimit(0)
        .withTtlSecondsAfterFinished((int) properties.ttl().toSeconds())
        .withActiveDeadlineSeconds(deadlineSeconds(request.secondsLeft()))
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels)
        .withAnnotations(properties.annotations())
        .endMetadata()
        .withSpec(pod(request))
        .endTemplate()
        .endSpec()
        .build();
  }

  /** Belongs to the Job, and goes with it. */
  Secret secret(RunLauncher.Request request, Job job) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(name(request.id()))
        .withLabels(labels(request.id()))
        .addNewOwnerReference()
        .withApiVersion("batch/v1")
        .withKind("Job")
        .withName(job.getMetadata().getName())
        .withUid(job.getMetadata().getUid())
        .endOwnerReference()
        .endMetadata()
        .withType("Opaque")
        .withImmutable(true)
        .withStringData(Map.of(TOKEN_KEY, request.token()))
        .build();
  }

  private PodSpec pod(RunLauncher.Request request) {
    boolean gpu = request.device().startsWith("cuda");
    KubernetesProperties.Gpu extra = properties.gpu();
    Map<String, String> nodes = new TreeMap<>(properties.nodeSelector());
    List<KubernetesProperties.Toleration> tolerations = new ArrayList<>(properties.tolerations());
    if (gpu) {
      nodes.putAll(extra.nodeSelector());
      tolerations.addAll(extra.tolerations());
    }
    int threads = threads();
    EngineProcess.Program program = runner.program(threads);
    return new PodSpecBuilder()
        .withRestartPolicy("Never")
        .withServiceAccountName(properties.serviceAccount())
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds((long) graceSeconds)
        .withPriorityClassName(properties.priorityClass())
        .withRuntimeClassName(
            gpu && extra.runtimeClass() != null ? extra.runtimeClass() : properties.runtimeClass())
        .withImagePullSecrets(
            properties.imagePullSecrets().stream().map(LocalObjectReference::new).toList())
        .withNodeSelector(nodes)
        .withTolerations(tolerations.stream().map(RunnerManifests::toleration).toList())
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(properties.runAsUser())
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .addNewContainer()
        .withName(CONTAINER)
        .withImage(gpu && extra.image() != null ? extra.image() : properties.image())
        .withImagePullPolicy(properties.imagePullPolicy())
        .withCommand(
            EngineProcess.command(
                properties.java(), properties.classPath(), "-XX:+ErrorFileToStderr", program))
        .withWorkingDir(WORK)
        .withEnv(environment(request, program))
        .withResources(resources(gpu))
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .addNewVolumeMount()
        .withName("work")
        .withMountPath(WORK)
        .endVolumeMount()
        .endContainer()
        .addNewVolume()
        .withName("work")
        .withNewEmptyDir()
        .withSizeLimit(new Quantity(properties.workSize()))
        .endEmptyDir()
        .endVolume()
        .build();
  }

  private List<EnvVar> environment(RunLauncher.Request request, EngineProcess.Program program) {
    Map<String, String> variables = new TreeMap<>(EngineProcess.environment(program));
    variables.putAll(
        RunnerEnvironment.of(request.server(), request.id().toString(), "").variables());
    variables.put(RunnerEnvironment.THREADS, Integer.toString(program.threads()));
    variables.put(
        RunnerEnvironment.PATIENCE, Long.toString(Math.max(1, properties.patience().toSeconds())));
    variables.putAll(properties.env());
    variables.remove(RunnerEnvironment.TOKEN);
    EnvVar token =
        new EnvVarBuilder()
            .withName(RunnerEnvironment.TOKEN)
            .withNewValueFrom()
            .withNewSecretKeyRef(TOKEN_KEY, name(request.id()), false)
            .endValueFrom()
            .build();
    return Stream.concat(
            variables.entrySet().stream().map(v -> new EnvVar(v.getKey(), v.getValue(), null)),
            Stream.of(token))
        .toList();
  }

  private ResourceRequirements resources(boolean gpu) {
    KubernetesProperties.Resources resources = properties.resources();
    Map<String, Quantity> requests = new HashMap<>();
    Map<String, Quantity> limits = new HashMap<>();
    requests.put("cpu", new Quantity(resources.cpu()));
    requests.put("memory", new Quantity(resources.memory()));
    limits.put("memory", new Quantity(resources.memory()));
    if (resources.cpuLimit() != null) {
      limits.put("cpu", new Quantity(resources.cpuLimit()));
    }
    if (gpu) {
      Quantity count = new Quantity(Integer.toString(properties.gpu().count()));
      requests.put(properties.gpu().resource(), count);
      limits.put(properties.gpu().resource(), count);
    }
    return new ResourceRequirementsBuilder().withRequests(requests).withLimits(limits).build();
  }

  /** As configured, or as many as the pod has whole processors for. */
  private int threads() {
    if (runner.threads() > 0) {
      return runner.threads();
    }
    KubernetesProperties.Resources resources = properties.resources();
    String cpu = resources.cpuLimit() == null ? resources.cpu() : resources.cpuLimit();
    return new Quantity(cpu)
        .getNumericalAmount()
        .setScale(0, RoundingMode.DOWN)
        .max(BigDecimal.ONE)
        .intValueExact();
  }

  private @Nullable Long deadlineSeconds(@Nullable Double secondsLeft) {
    Duration most = properties.deadline();
    if (secondsLeft == null) {
      return most == null ? null : Long.valueOf(most.toSeconds());
    }
    // The runner keeps the job's own limit; this is for one that hangs.
    long own = Math.max(1, (long) Math.ceil(secondsLeft)) + properties.deadlineMargin().toSeconds();
    return most == null ? own : Math.min(own, most.toSeconds());
  }

  private Map<String, String> labels(AttemptId id) {
    Map<String, String> labels = new TreeMap<>(properties.labels());
    labels.putAll(selector());
    labels.put("app.kubernetes.io/name", "trainyard");
    labels.put(RUN_LABEL, name(id));
    labels.put(JOB_LABEL, id.job());
    labels.put(ATTEMPT_LABEL, Integer.toString(id.attempt()));
    return labels;
  }

  private static Toleration toleration(KubernetesProperties.Toleration toleration) {
    return new TolerationBuilder()
        .withKey(toleration.key())
        .withOperator(toleration.operator())
        .withValue(toleration.value())
        .withEffect(toleration.effect())
        .withTolerationSeconds(toleration.seconds())
        .build();
  }
}
