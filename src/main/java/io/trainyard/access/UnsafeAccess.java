package io.trainyard.access;

/** A configuration with which the server does not start. The message names the property. */
final class UnsafeAccess extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsafeAccess(String message) {
    super(message);
  }
}
