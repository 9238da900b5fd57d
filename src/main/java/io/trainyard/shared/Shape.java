package io.trainyard.shared;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The sizes of a tensor's dimensions, without the batch; in JSON an array. */
public record Shape(@JsonValue List<Integer> dimensions) {

  public Shape {
    dimensions = List.copyOf(dimensions);
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Shape fromList(List<Integer> dimensions) {
    return new Shape(dimensions);
  }

  public static Shape of(int... dimensions) {
    return new Shape(Arrays.stream(dimensions).boxed().toList());
  }

  public int rank() {
    return dimensions.size();
  }

  /** The size of dimension {@code index}; negative indices count from the end, as in torch. */
  public int size(int index) {
    return dimensions.get(index < 0 ? rank() + index : index);
  }

  /** How many elements a tensor of this shape has. */
  public long elements() {
    return dimensions.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }

  /** This shape with another last dimension. */
  public Shape withLast(int size) {
    int[] sizes = dimensions.stream().mapToInt(Integer::intValue).toArray();
    sizes[sizes.length - 1] = size;
    return of(sizes);
  }

  @Override
  public String toString() {
    return dimensions.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }
}
