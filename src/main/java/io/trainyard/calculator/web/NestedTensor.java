package io.trainyard.calculator.web;

import io.trainyard.training.TensorData;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JacksonSerializable;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.TypeSerializer;

/** A tensor's values as nested arrays, written without a tree of them in memory. */
record NestedTensor(TensorData data) implements JacksonSerializable {

  @Override
  public void serialize(JsonGenerator out, SerializationContext context) {
    write(out, 0, 0);
  }

  @Override
  public void serializeWithType(
      JsonGenerator out, SerializationContext context, TypeSerializer type) {
    serialize(out, context);
  }

  /**
   * Writes the part of one index in each of the first {@code depth} dimensions.
   *
   * @param from its first element
   * @return the element after it
   */
  private int write(JsonGenerator out, int depth, int from) {
    if (depth == data.sizes().size()) {
      element(out, from);
      return from + 1;
    }
    int next = from;
    out.writeStartArray();
    for (long i = 0; i < data.sizes().get(depth); i++) {
      next = write(out, depth + 1, next);
    }
    out.writeEndArray();
    return next;
  }

  /** What is not finite is written as a text, by Jackson's rule: "NaN", "Infinity". */
  private void element(JsonGenerator out, int index) {
    switch (data.dtype()) {
      case BOOL -> out.writeBoolean(data.flag(index));
      case INT64 -> out.writeNumber(data.whole(index));
      case FLOAT32 -> out.writeNumber((float) data.number(index));
      case FLOAT64 -> out.writeNumber(data.number(index));
    }
  }
}
