package io.trainyard.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who can reach the server, and whether that is safe. */
record Exposure(boolean identifies, boolean loopback, boolean anonymous) {
  private static final Logger LOG = LoggerFactory.getLogger(Exposure.class);

  /**
   * @param identifies whether callers have to show a key or token
   * @param address that the server listens on; empty for all
   * @param anonymous whether it may listen to other machines without keys
   * @throws UnsafeAccess if it would, and may not
   */
  static Exposure of(boolean identifies, String address, boolean anonymous) {
    boolean loopback = isLoopback(address);
    if (!identifies && !loopback && !anonymous) {
      throw new UnsafeAccess(
          "The server would listen on "
              + (address.isEmpty() ? "all addresses" : address)
              + " and anybody could use it: neither keys (trainyard.access.keys) nor OIDC"
              + " (spring.security.oauth2.resourceserver.jwt) are configured. Configure one of"
              + " them, leave server.address at 127.0.0.1, or say"
              + " trainyard.access.anonymous=true.");
    }
    return new Exposure(identifies, loopback, anonymous);
  }

  void tell() {
    if (identifies) {
      LOG.info("callers have to show a key or token");
      if (anonymous) {
        LOG.warn("trainyard.access.anonymous has no effect: keys or OIDC are configured");
      }
    } else if (loopback) {
      LOG.info("no keys and no OIDC are configured: only this machine can use the server");
    } else {
      LOG.warn("trainyard.access.anonymous: anybody who reaches the server may do everything");
    }
  }

  private static boolean isLoopback(String address) {
    try {
      // An empty name would be the loopback's, while an empty address means all.
      return !address.isEmpty() && InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
