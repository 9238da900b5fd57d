package io.trainyard.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With which configurations a server starts. */
class ExposureTest {
  private static final AccessProperties.Oidc OIDC = new AccessProperties.Oidc("sub", "roles");

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1", "localhost"})
  void onLoopbackNobodyNeedsAKey(String address) {
    assertThat(Exposure.of(false, address, false).loopback()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0.0.0.0", "::", "192.0.2.1"})
  void beyondLoopbackSomethingHasToBeConfigured(String address) {
    assertThatThrownBy(() -> Exposure.of(false, address, false))
        .isInstanceOf(UnsafeAccess.class)
        .hasMessageContaining("trainyard.access.keys")
        .hasMessageContaining("trainyard.access.anonymous=true");
    assertThat(Exposure.of(true, address, false).loopback()).isFalse();
    assertThat(Exposure.of(false, address, true).loopback()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "secret", "ab", "zz"})
  void aMalformedDigestIsRefusedByItsName(String sha256) {
    String text = sha256.length() == 2 ? sha256.repeat(33) : sha256;
    assertThatThrownBy(() -> keys("ci", new AccessProperties.Key(null, Role.VIEWER, text)))
        .isInstanceOf(UnsafeAccess.class)
        .hasMessageStartingWith("trainyard.access.keys.ci.sha256:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\nb"})
  void aMalformedOwnerIsRefusedByItsName(String owner) {
    assertThatThrownBy(
            () -> keys("ci", new AccessProperties.Key(owner, Role.VIEWER, "0".repeat(64))))
        .isInstanceOf(UnsafeAccess.class)
        .hasMessageStartingWith("trainyard.access.keys.ci.owner:");
  }

  @Test
  void aKeyIsItsOwnersWithUpperCaseDigestsToo() {
    String digest = "2BB80D537B1DA3E38BD30361AA855686BDE0EACD7162FEF6A25FE97BF527A25B";
    ApiKeys keys = keys("ci", new AccessProperties.Key(null, Role.VIEWER, digest));

    assertThat(keys.find("secret")).isEqualTo(new Caller("ci", Role.VIEWER));
    assertThat(keys.find("Secret")).isNull();
    assertThat(keys.find(digest)).isNull();
  }

  private static ApiKeys keys(String name, AccessProperties.Key key) {
    return new ApiKeys(new AccessProperties(false, Map.of(name, key), OIDC).keys());
  }
}
