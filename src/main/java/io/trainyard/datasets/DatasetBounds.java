package io.trainyard.datasets;

/**
 * How large a dataset may be, within what {@link Limits} fixes.
 *
 * @param rows of any dataset
 * @param columns of a file
 * @param unpacked bytes that a compressed file may unpack to
 */
public record DatasetBounds(long rows, int columns, long unpacked) {

  /** What this service reads at all. */
  public static final DatasetBounds WIDEST =
      new DatasetBounds(Long.MAX_VALUE, Limits.COLUMNS, Long.MAX_VALUE);

  static String beyond(String what, long most, String property) {
    return "more than " + most + " " + what + " (trainyard.limits." + property + ")";
  }
}
