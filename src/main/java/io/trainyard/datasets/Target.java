package io.trainyard.datasets;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.trainyard.shared.Shape;
import java.util.List;

/** What a dataset asks a model to predict. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Target.Classes.class, name = "classes"),
  @JsonSubTypes.Type(value = Target.Values.class, name = "values"),
  @JsonSubTypes.Type(value = Target.Integers.class, name = "integers")
})
public sealed interface Target {

  /**
   * One of some classes, as an index from 0.
   *
   * @param labels the classes' names in the order of their indices; empty if they have none
   */
  record Classes(int count, List<String> labels) implements Target {}

  /** Numbers of a shape. */
  record Values(Shape shape) implements Target {}

  /**
   * A column of whole numbers: the loss decides whether they are classes (the distinct numbers in
   * ascending order) or one value.
   */
  record Integers(List<Long> distinct) implements Target {}
}
