package io.trainyard.artifacts;

import java.io.IOException;

/** The store cannot take a file: it is full, or not to be written to. The message says why. */
public final class StoreException extends IOException {
  private static final long serialVersionUID = 1L;

  StoreException(IOException cause) {
    this(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
  }

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
