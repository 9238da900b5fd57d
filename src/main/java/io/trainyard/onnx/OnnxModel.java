package io.trainyard.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A graph with one input {@code x} and one output {@code y}, both float32 with a free batch. */
public final class OnnxModel {
  public static final String INPUT = "x";
  private static final String OUTPUT = "y";

  /** ONNX 1.13's operators, which runtimes have since 2023. */
  private static final int OPERATORS = 18;

  private static final int FORMAT = 8;
  private static final int BUFFER = 1 << 16;

  private final Graph graph;
  private final Map<String, String> properties;

  /**
   * Closes a graph.
   *
   * @param result the value that becomes the output
   * @param input the shape of one input, without the batch
   * @param output the shape of one output
   * @param properties the model's metadata
   */
  public OnnxModel(
      Graph graph,
      String result,
      List<Integer> input,
      List<Integer> output,
      Map<String, String> properties) {
    this.graph = graph;
    this.properties = properties;
    graph.add(OUTPUT, "Identity", List.of(result));
    graph.proto().setName("model");
    graph.proto().addInput(value(INPUT, input)).addOutput(value(OUTPUT, output));
  }

  private static ValueInfoProto value(String name, List<Integer> sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"));
    sizes.forEach(size -> shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size)));
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(ElementType.FLOAT32.code())
            .setShape(shape)
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** The parameters and buffers that the nodes refer to. */
  public Set<String> parameters() {
    return Set.copyOf(graph.parameters());
  }

  /**
   * Gives a parameter its elements.
   *
   * @param bytes float32, little-endian; not copied
   */
  public void set(String parameter, List<Long> sizes, ByteBuffer bytes) {
    graph.initializer(parameter, ElementType.FLOAT32, sizes, bytes);
  }

  /** Writes the file; the stream stays open. */
  public void write(OutputStream out) throws IOException {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(FORMAT)
            .setProducerName("trainyard")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATORS))
            .setGraph(graph.proto());
    properties.forEach(
        (key, value) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    CodedOutputStream coded = CodedOutputStream.newInstance(out, BUFFER);
    model.build().writeTo(coded);
    coded.flush();
  }
}
