package io.trainyard.cluster;

import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The restricted profile of the pod security standards, and a root that cannot be written to. */
public final class PodSecurity {
  private final PodSpec pod;
  private final PodSecurityContext shared;
  private final List<String> violations = new ArrayList<>();

  private PodSecurity(PodSpec pod) {
    this.pod = pod;
    this.shared =
        pod.getSecurityContext() == null ? new PodSecurityContext() : pod.getSecurityContext();
  }

  /** What of a pod the profile forbids. */
  public static List<String> violations(PodSpec pod) {
    PodSecurity check = new PodSecurity(pod);
    check.pod();
    Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
        .forEach(check::container);
    return check.violations;
  }

  private void pod() {
    forbid(Boolean.TRUE.equals(pod.getHostNetwork()), "hostNetwork");
    forbid(Boolean.TRUE.equals(pod.getHostPID()), "hostPID");
    forbid(Boolean.TRUE.equals(pod.getHostIPC()), "hostIPC");
    forbid(!shared.getSysctls().isEmpty(), "sysctls");
    forbid(shared.getSeLinuxOptions() != null, "seLinuxOptions");
    forbid(shared.getWindowsOptions() != null, "windowsOptions");
    forbid(isRoot(shared.getRunAsUser()), "runAsUser 0");
    for (Volume volume : pod.getVolumes()) {
      boolean allowed =
          volume.getConfigMap() != null
              || volume.getCsi() != null
              || volume.getDownwardAPI() != null
              || volume.getEmptyDir() != null
              || volume.getEphemeral() != null
              || volume.getPersistentVolumeClaim() != null
              || volume.getProjected() != null
              || volume.getSecret() != null;
      forbid(!allowed, "volume " + volume.getName());
    }
  }

  private void container(Container container) {
    String name = container.getName() + ": ";
    SecurityContext own =
        container.getSecurityContext() == null
            ? new SecurityContext()
            : container.getSecurityContext();
    forbid(Boolean.TRUE.equals(own.getPrivileged()), name + "privileged");
    forbid(
        !Boolean.FALSE.equals(own.getAllowPrivilegeEscalation()),
        name + "allowPrivilegeEscalation");
    forbid(!Boolean.TRUE.equals(own.getReadOnlyRootFilesystem()), name + "readOnlyRootFilesystem");
    Capabilities capabilities =
        own.getCapabilities() == null ? new Capabilities() : own.getCapabilities();
    forbid(!capabilities.getDrop().contains("ALL"), name + "capabilities.drop");
    forbid(
        !Set.of("NET_BIND_SERVICE").containsAll(capabilities.getAdd()), name + "capabilities.add");
    Boolean nonRoot =
        own.getRunAsNonRoot() == null ? shared.getRunAsNonRoot() : own.getRunAsNonRoot();
    forbid(!Boolean.TRUE.equals(nonRoot), name + "runAsNonRoot");
    forbid(isRoot(own.getRunAsUser()), name + "runAsUser 0");
    SeccompProfile seccomp =
        own.getSeccompProfile() == null ? shared.getSeccompProfile() : own.getSeccompProfile();
    forbid(
        seccomp == null || !Set.of("RuntimeDefault", "Localhost").contains(seccomp.getType()),
        name + "seccompProfile");
    forbid(own.getSeLinuxOptions() != null, name + "seLinuxOptions");
    forbid(own.getProcMount() != null && !own.getProcMount().equals("Default"), name + "procMount");
    for (ContainerPort port : container.getPorts()) {
      forbid(port.getHostPort() != null && port.getHostPort() != 0, name + "hostPort");
    }
  }

  private void forbid(boolean found, String what) {
    if (found) {
      violations.add(what);
    }
  }

  private static boolean isRoot(@Nullable Long user) {
    return user != null && user == 0;
  }
}
