package io.trainyard.shared.web;

import jakarta.servlet.http.HttpServletRequest;

/** Who sends a request. */
public final class Clients {

  private Clients() {}

  /**
   * The user that has shown who they are, else the address. Behind a proxy that is the proxy's,
   * unless {@code server.forward-headers-strategy} says that it tells the client's.
   */
  public static String caller(HttpServletRequest request) {
    String user = request.getRemoteUser();
    return user != null ? "user " + user : "address " + request.getRemoteAddr();
  }
}
