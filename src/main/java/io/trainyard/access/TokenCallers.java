package io.trainyard.access;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.oauth2.jwt.Jwt;

/** Who a token is of, by its claims. Without an owner or a role that is known here nobody. */
final class TokenCallers implements Converter<Jwt, CallerAuthentication> {
  private final AccessProperties.Oidc claims;

  TokenCallers(AccessProperties.Oidc claims) {
    this.claims = claims;
  }

  @Override
  public CallerAuthentication convert(Jwt token) {
    Object owner = claim(token, claims.owner());
    Optional<Role> role = roles(claim(token, claims.roles())).max(Role::compareTo);
    Caller caller =
        owner instanceof String name && Owners.isName(name) && role.isPresent()
            ? new Caller(name, role.get())
            : null;
    return new CallerAuthentication(caller);
  }

  /** A claim of that very name, as URLs are, or a member within one. */
  private static @Nullable Object claim(Jwt token, String path) {
    Object whole = token.getClaims().get(path);
    if (whole != null) {
      return whole;
    }
    Object found = token.getClaims();
    for (String part : path.split("\\.")) {
      found = found instanceof Map<?, ?> map ? map.get(part) : null;
    }
    return found;
  }

  private static Stream<Role> roles(@Nullable Object claim) {
    Collection<?> words =
        claim instanceof String text
            ? List.of(text.split(" "))
            : claim instanceof Collection<?> list ? list : List.of();
    return Arrays.stream(Role.values())
        .filter(role -> words.contains(role.name().toLowerCase(Locale.ROOT)));
  }
}
