package io.trainyard.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Reading is as strict as it is said to be. */
class ManifestsTest {

  private static Map<String, Object> account(String more) {
    return new Yaml()
        .load("{apiVersion: v1, kind: ServiceAccount, metadata: {name: a" + more + "}}");
  }

  @Test
  void takesWhatIsKnown() {
    assertThat(Manifests.read(account("")).getMetadata().getName()).isEqualTo("a");
  }

  @Test
  void refusesAnUnknownFieldAtAnyDepth() {
    assertThatThrownBy(() -> Manifests.read(account(", lables: {a: b}")))
        .hasMessageContaining("lables");
  }
}
