package io.trainyard.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The check finds what it is for. */
class PodSecurityTest {

  private static PodSpec allowed() {
    return new PodSpecBuilder()
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withNewSeccompProfile(null, "RuntimeDefault")
        .endSecurityContext()
        .addNewContainer()
        .withName("c")
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .endContainer()
        .build();
  }

  private static Arguments change(String violation, Consumer<PodSpec> change) {
    return Arguments.of(violation, change);
  }

  private static Arguments inContainer(String violation, Consumer<SecurityContext> change) {
    return change(
        "c: " + violation,
        pod -> {
          Container container = pod.getContainers().get(0);
          change.accept(container.getSecurityContext());
        });
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        change("hostNetwork", pod -> pod.setHostNetwork(true)),
        change("hostPID", pod -> pod.setHostPID(true)),
        change("runAsUser 0", pod -> pod.getSecurityContext().setRunAsUser(0L)),
        change("c: runAsNonRoot", pod -> pod.getSecurityContext().setRunAsNonRoot(null)),
        change("c: seccompProfile", pod -> pod.getSecurityContext().setSeccompProfile(null)),
        change(
            "volume v",
            pod ->
                pod.setVolumes(
                    List.of(new VolumeBuilder().withName("v").withNewHostPath("/", null).build()))),
        inContainer("privileged", c -> c.setPrivileged(true)),
        inContainer("allowPrivilegeEscalation", c -> c.setAllowPrivilegeEscalation(null)),
        inContainer("readOnlyRootFilesystem", c -> c.setReadOnlyRootFilesystem(null)),
        inContainer("runAsNonRoot", c -> c.setRunAsNonRoot(false)),
        inContainer("runAsUser 0", c -> c.setRunAsUser(0L)),
        inContainer("procMount", c -> c.setProcMount("Unmasked")),
        inContainer("capabilities.drop", c -> c.getCapabilities().setDrop(List.of("KILL"))),
        inContainer("capabilities.add", c -> c.getCapabilities().setAdd(List.of("SYS_ADMIN"))));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void findsIt(String violation, Consumer<PodSpec> change) {
    PodSpec pod = allowed();
    assertThat(PodSecurity.violations(pod)).isEmpty();

    change.accept(pod);

    assertThat(PodSecurity.violations(pod)).containsExactly(violation);
  }
}
