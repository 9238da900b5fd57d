package io.trainyard.onnx;

/** A layer does something that ONNX has no operator for. */
public final class NotInOnnx extends Exception {
  private static final long serialVersionUID = 1L;

  private final String place;

  /**
   * @param place the layer's member that says it, as the step of a JSON pointer; empty for the
   *     layer
   */
  public NotInOnnx(String place, String detail) {
    super(detail);
    this.place = place;
  }

  /** A JSON pointer within the layer. */
  public String pointer() {
    return place.isEmpty() ? "" : "/" + place;
  }

  public String detail() {
    return String.valueOf(getMessage());
  }
}
