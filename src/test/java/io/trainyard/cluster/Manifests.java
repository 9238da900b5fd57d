package io.trainyard.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/** Manifests as fabric8's model knows them. A field that it does not know is an error. */
public final class Manifests {
  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.ofEntries(
          Map.entry("v1 ConfigMap", ConfigMap.class),
          Map.entry("v1 PersistentVolumeClaim", PersistentVolumeClaim.class),
          Map.entry("v1 Secret", Secret.class),
          Map.entry("v1 Service", Service.class),
          Map.entry("v1 ServiceAccount", ServiceAccount.class),
          Map.entry("apps/v1 Deployment", Deployment.class),
          Map.entry("autoscaling/v2 HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
          Map.entry("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class),
          Map.entry("policy/v1 PodDisruptionBudget", PodDisruptionBudget.class),
          Map.entry("rbac.authorization.k8s.io/v1 Role", Role.class),
          Map.entry("rbac.authorization.k8s.io/v1 RoleBinding", RoleBinding.class),
          // Of the Prometheus operator: no part of Kubernetes, so their fields are ChartTest's to
          // know.
          Map.entry("monitoring.coreos.com/v1 PrometheusRule", GenericKubernetesResource.class),
          Map.entry("monitoring.coreos.com/v1 ServiceMonitor", GenericKubernetesResource.class));

  private static final JsonMapper LENIENT = JsonMapper.builder().build();

  /** The model takes any field; here it must not. */
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .annotationIntrospector(
              new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(MapperConfig<?> config, Annotated annotated) {
                  return Boolean.FALSE;
                }
              })
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private Manifests() {}

  public static List<HasMetadata> all(TestChart chart) {
    return chart.manifests().stream().map(Manifests::read).toList();
  }

  public static <T extends HasMetadata> List<T> of(TestChart chart, Class<T> type) {
    return all(chart).stream().filter(type::isInstance).map(type::cast).toList();
  }

  static HasMetadata read(Map<String, Object> manifest) {
    String kind = manifest.get("apiVersion") + " " + manifest.get("kind");
    Class<? extends HasMetadata> type =
        Objects.requireNonNull(KINDS.get(kind), "a kind that this test does not know: " + kind);
    return (type == GenericKubernetesResource.class ? LENIENT : STRICT)
        .convertValue(manifest, type);
  }
}
