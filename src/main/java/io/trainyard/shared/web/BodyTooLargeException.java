package io.trainyard.shared.web;

import java.io.IOException;

/** A body goes past its limit while it is read. */
final class BodyTooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  BodyTooLargeException(long limit) {
    super("the body is larger than " + limit + " bytes");
  }
}
