package io.trainyard.shared;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param nextCursor what to give as {@code after} for the next page; null on the last one
 */
public record Page<T>(List<T> data, boolean hasMore, @Nullable String nextCursor) {

  /**
   * Makes a page of rows that were asked for with one more than the limit.
   *
   * @param cursor the cursor that names a row
   */
  public static <T> Page<T> of(List<T> rows, int limit, Function<T, String> cursor) {
    if (rows.size() <= limit) {
      return new Page<>(rows, false, null);
    }
    List<T> page = rows.subList(0, limit);
    return new Page<>(page, true, cursor.apply(page.get(limit - 1)));
  }

  public <R> Page<R> map(Function<T, R> mapping) {
    return new Page<>(data.stream().map(mapping).toList(), hasMore, nextCursor);
  }
}
