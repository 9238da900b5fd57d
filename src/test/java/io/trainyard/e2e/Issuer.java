package io.trainyard.e2e;

import com.sun.net.httpserver.HttpServer;
import io.trainyard.shared.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Issues tokens (RS256), and serves the key that they are checked with. */
final class Issuer implements AutoCloseable {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final KeyPair keys = newKeys();
  private final HttpServer server;

  Issuer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    RSAPublicKey key = (RSAPublicKey) keys.getPublic();
    ObjectNode jwks = Json.object();
    jwks.putArray("keys")
        .addObject()
        .put("kty", "RSA")
        .put("kid", "test")
        .put("n", number(key.getModulus()))
        .put("e", number(key.getPublicExponent()));
    byte[] body = Json.write(jwks).getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/jwks",
        exchange -> {
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  String jwks() {
    return url() + "/jwks";
  }

  /** A good token for an hour, with these claims over the usual ones. */
  String token(Map<String, Object> claims) {
    return token(claims, keys);
  }

  String token(Map<String, Object> claims, KeyPair signing) {
    ObjectNode payload = Json.object();
    payload.put("iss", url()).put("aud", "trainyard");
    payload.put("exp", Instant.now().plusSeconds(3600).getEpochSecond());
    claims.forEach((name, value) -> payload.set(name, Json.tree(value)));
    String signed = part("{\"alg\":\"RS256\",\"kid\":\"test\"}") + "." + part(Json.write(payload));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(signing.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + BASE64.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same without a signature. */
  String unsigned(Map<String, Object> claims) {
    return part("{\"alg\":\"none\"}") + "." + token(claims).split("\\.")[1] + ".";
  }

  private static String part(String json) {
    return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String number(BigInteger value) {
    byte[] bytes = value.toByteArray();
    int from = bytes[0] == 0 ? 1 : 0;
    return BASE64.encodeToString(Arrays.copyOfRange(bytes, from, bytes.length));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
