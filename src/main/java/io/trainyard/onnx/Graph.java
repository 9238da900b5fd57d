package io.trainyard.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph that grows node by node. Values are known by their names; a node's name is its output's.
 */
public final class Graph {
  private final GraphProto.Builder proto = GraphProto.newBuilder();
  private final Map<Object, String> constants = new HashMap<>();
  private final Set<String> parameters = new HashSet<>();
  private String prefix = "";
  private int nodes;

  /** What comes next belongs to a layer: parameters are known by its names for them. */
  public void enter(int layer) {
    prefix = layer + ".";
  }

  /** The layer's parameter or buffer of that name. */
  public String parameter(String name) {
    parameters.add(prefix + name);
    return prefix + name;
  }

  /**
   * Adds a node with one output.
   *
   * @param attributes names, each with its value after it: a Long or Integer, Double, String, or a
   *     collection of Longs or Integers
   * @return the output
   */
  public String node(String operator, List<String> inputs, Object... attributes) {
    String output = prefix + operator + "_" + nodes++;
    add(output, operator, inputs, attributes);
    return output;
  }

  /** A node without attributes. */
  public String op(String operator, String... inputs) {
    return node(operator, List.of(inputs));
  }

  /** Adds a node whose output has that name. */
  void add(String output, String operator, List<String> inputs, Object... attributes) {
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator).setName(output);
    node.addAllInput(inputs).addOutput(output);
    for (int i = 0; i < attributes.length; i += 2) {
      node.addAttribute(attribute((String) attributes[i], attributes[i + 1]));
    }
    proto.addNode(node);
  }

  private static AttributeProto attribute(String name, Object value) {
    AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
    if (value instanceof String text) {
      attribute.setType(AttributeType.STRING).setS(ByteString.copyFromUtf8(text));
    } else if (value instanceof Double number) {
      attribute.setType(AttributeType.FLOAT).setF(number.floatValue());
    } else if (value instanceof Collection<?> numbers) {
      attribute.setType(AttributeType.INTS);
      numbers.forEach(number -> attribute.addInts(((Number) number).longValue()));
    } else {
      attribute.setType(AttributeType.INT).setI(((Number) value).longValue());
    }
    return attribute.build();
  }

  /** A single number. */
  public String scalar(ElementType type, double value) {
    return constants.computeIfAbsent(
        List.of(type, value), key -> constant(type, List.of(), List.of(value)));
  }

  /** A single float32. */
  public String scalar(double value) {
    return scalar(ElementType.FLOAT32, value);
  }

  /** A vector of whole numbers, as shapes and axes are. */
  public String ints(List<? extends Number> values) {
    List<Long> longs = values.stream().map(Number::longValue).toList();
    return constants.computeIfAbsent(
        longs,
        key -> {
          ByteBuffer bytes = allocate(longs.size() * Long.BYTES);
          longs.forEach(bytes::putLong);
          return constant(ElementType.INT64, List.of((long) longs.size()), bytes.flip());
        });
  }

  public String ints(long... values) {
    return ints(Arrays.stream(values).boxed().toList());
  }

  /** A tensor of numbers in row-major order. */
  public String constant(ElementType type, List<Long> sizes, List<? extends Number> values) {
    ByteBuffer bytes = allocate(values.size() * Long.BYTES);
    for (Number value : values) {
      switch (type) {
        case FLOAT32 -> bytes.putFloat(value.floatValue());
        case FLOAT64 -> bytes.putDouble(value.doubleValue());
        case INT64 -> bytes.putLong(value.longValue());
        case BOOL -> bytes.put((byte) (value.doubleValue() == 0 ? 0 : 1));
      }
    }
    return constant(type, sizes, bytes.flip());
  }

  private String constant(ElementType type, List<Long> sizes, ByteBuffer bytes) {
    String name = "constant_" + proto.getInitializerCount();
    initializer(name, type, sizes, bytes);
    return name;
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The elements of a value that nodes refer to by its name.
   *
   * @param bytes little-endian; not copied
   */
  void initializer(String name, ElementType type, List<Long> sizes, ByteBuffer bytes) {
    proto.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .addAllDims(sizes)
            .setDataType(type.code())
            .setRawData(UnsafeByteOperations.unsafeWrap(bytes)));
  }

  /** The names that {@link #parameter} was asked for. */
  Set<String> parameters() {
    return parameters;
  }

  GraphProto.Builder proto() {
    return proto;
  }

  /** A value in another type. */
  public String cast(String value, ElementType type) {
    return node("Cast", List.of(value), "to", type.code());
  }

  /** A value in another shape, one size of which may be -1: what is left. */
  public String reshape(String value, List<Long> sizes) {
    return op("Reshape", value, ints(sizes));
  }

  /** A batch in another shape of its rows. */
  public String batch(String value, List<Integer> sizes) {
    List<Long> all = new ArrayList<>(List.of(-1L));
    sizes.forEach(size -> all.add(size.longValue()));
    return reshape(value, all);
  }
}
