package io.trainyard.access;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;

/** Who shows a bearer token: a key, else a token of the issuer. */
final class BearerCallers implements AuthenticationManager {
  private final ApiKeys keys;
  private final @Nullable JwtAuthenticationProvider tokens;

  BearerCallers(ApiKeys keys, @Nullable JwtDecoder decoder, AccessProperties.Oidc claims) {
    this.keys = keys;
    if (decoder == null) {
      this.tokens = null;
    } else {
      this.tokens = new JwtAuthenticationProvider(decoder);
      this.tokens.setJwtAuthenticationConverter(new TokenCallers(claims));
    }
  }

  /** The issuer's keys cannot be had, so that nobody can say whether the token is good. */
  static final class IssuerAway extends AuthenticationException {
    private static final long serialVersionUID = 1L;

    IssuerAway(AuthenticationServiceException cause) {
      super("the issuer's keys cannot be read now", cause);
    }
  }

  @Override
  public Authentication authenticate(Authentication shown) {
    Caller caller = keys.find(((BearerTokenAuthenticationToken) shown).getToken());
    if (caller != null) {
      return new CallerAuthentication(caller);
    }
    if (tokens == null) {
      throw new InvalidBearerTokenException("the key is not known");
    }
    try {
      return Objects.requireNonNull(tokens.authenticate(shown));
    } catch (AuthenticationServiceException e) {
      throw new IssuerAway(e);
    }
  }
}
