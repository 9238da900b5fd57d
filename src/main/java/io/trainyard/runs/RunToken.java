package io.trainyard.runs;

/**
 * What a runner shows in its Authorization header. Not a text, because Spring logs the arguments of
 * handlers at its trace level.
 */
final class RunToken {
  private final String header;

  private RunToken(String header) {
    this.header = header;
  }

  /** Public, as Spring looks for such methods for the way from a header to this. */
  public static RunToken valueOf(String header) {
    return new RunToken(header);
  }

  /** Empty for another scheme, which is no attempt's token. */
  String secret() {
    return header.startsWith("Bearer ") ? header.substring(7) : "";
  }

  @Override
  public String toString() {
    return "RunToken";
  }
}
