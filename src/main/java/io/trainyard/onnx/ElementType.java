package io.trainyard.onnx;

/** The types of elements, by ONNX's numbers. */
public enum ElementType {
  FLOAT32(1),
  INT64(7),
  BOOL(9),
  FLOAT64(11);

  private final int code;

  ElementType(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
