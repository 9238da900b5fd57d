package io.trainyard.shared;

/** Why a value was refused, said of the value: "expected …". */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Below the argument's own pointer, "" for the value itself. */
  private final String pointer;

  Refused(String pointer, String message) {
    super(message, null, false, false);
    this.pointer = pointer;
  }

  Refused(String message) {
    this("", message);
  }

  String pointer() {
    return pointer;
  }
}
