package io.trainyard.access;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may call the server.
 *
 * @param anonymous whether the server may listen to other machines although it asks nobody for a
 *     key
 * @param keys by name
 * @param oidc what the claims of a token mean; which tokens are good is told by Spring's own {@code
 *     spring.security.oauth2.resourceserver.jwt}
 */
@ConfigurationProperties("trainyard.access")
record AccessProperties(
    @DefaultValue("false") boolean anonymous,
    @DefaultValue Map<String, Key> keys,
    @DefaultValue Oidc oidc) {

  /**
   * A key. Keys are long and random, so that their plain digest cannot be turned back.
   *
   * @param owner by default the key's name; several keys may have the same
   * @param sha256 of the key, in hexadecimal
   */
  record Key(
      @Nullable String owner, @DefaultValue("submitter") Role role, @Nullable String sha256) {}

  /**
   * Claims of a token; a dot leads into a member, as in {@code realm_access.roles}.
   *
   * @param owner the claim that names the owner
   * @param roles the claim with the roles: a list, or a text with spaces between
   */
  record Oidc(@DefaultValue("sub") String owner, @DefaultValue("roles") String roles) {}

  AccessProperties {
    Map<String, Key> checked = new LinkedHashMap<>();
    keys.forEach((name, key) -> checked.put(name, checked(name, key)));
    keys = Map.copyOf(checked);
  }

  private static Key checked(String name, Key key) {
    String property = "trainyard.access.keys." + name;
    String owner = key.owner() == null ? name : key.owner();
    if (!Owners.isName(owner)) {
      throw new UnsafeAccess(property + ".owner: " + Owners.EXPECTED);
    }
    String sha256 = key.sha256() == null ? "" : key.sha256().toLowerCase(Locale.ROOT);
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new UnsafeAccess(
          property
              + ".sha256: expected the 64 hexadecimal digits that sha256sum gives for the key");
    }
    return new Key(owner, key.role(), sha256);
  }
}
