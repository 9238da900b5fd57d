package io.trainyard.expressions;

import java.util.ArrayList;
import java.util.List;

/** The arithmetic of shapes that rules share. */
final class Shapes {
  private Shapes() {}

  /** torch's broadcasting: aligned at the last dimension, a size of 1 repeats. */
  static List<Long> broadcast(Given given, List<Long> a, List<Long> b) throws ExpressionException {
    int rank = Math.max(a.size(), b.size());
    List<Long> sizes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      long left = i < rank - a.size() ? 1 : a.get(i - rank + a.size());
      long right = i < rank - b.size() ? 1 : b.get(i - rank + b.size());
      if (left != right && left != 1 && right != 1) {
        throw given.refuse(
            "shapes %s and %s do not broadcast"
                .formatted(TensorType.shape(a), TensorType.shape(b)));
      }
      sizes.add(left == 1 ? right : left);
    }
    return sizes;
  }

  static List<Long> without(List<Long> sizes, List<Integer> dims, boolean keep) {
    List<Long> left = new ArrayList<>();
    for (int i = 0; i < sizes.size(); i++) {
      if (!dims.contains(i)) {
        left.add(sizes.get(i));
      } else if (keep) {
        left.add(1L);
      }
    }
    return left;
  }

  static List<Long> with(List<Long> sizes, int dim, long size) {
    List<Long> changed = new ArrayList<>(sizes);
    changed.set(dim, size);
    return changed;
  }

  static long elements(Given given, List<Long> sizes) throws ExpressionException {
    try {
      return sizes.stream().reduce(1L, Math::multiplyExact);
    } catch (ArithmeticException e) {
      throw given.refuse("a tensor of shape " + TensorType.shape(sizes) + " is too large");
    }
  }
}
