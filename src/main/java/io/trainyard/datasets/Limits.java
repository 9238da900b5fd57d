package io.trainyard.datasets;

/** How large the parts of a dataset may be. */
final class Limits {
  /** Values in one buffer: a direct buffer holds no more than 2 GiB. */
  static final long ELEMENTS = Integer.MAX_VALUE / Float.BYTES;

  static final int COLUMNS = 10_000;

  /** Classes of a category that is a feature, each of which becomes an input. */
  static final int FEATURE_CLASSES = 1_000;

  /** Classes of a target, and different whole numbers of a target that could be classes. */
  static final int TARGET_CLASSES = 10_000;

  /** Characters of a column's name or of a class. */
  static final int LABEL_LENGTH = 256;

  /** Characters of one cell. */
  static final int CELL_LENGTH = 1 << 20;

  /** Characters of one row. */
  static final int ROW_LENGTH = 4 * CELL_LENGTH;

  /** Characters of all classes together, so that a file of many categories fits the heap. */
  static final int LABELS_LENGTH = 500_000;

  /**
   * Characters of a stored description. A column has 1,000,000, which is H2's most, also one for an
   * answer, which says a little more.
   */
  static final int DESCRIPTOR_LENGTH = 990_000;

  static final int PREVIEW_ROWS = 5;
  static final int PREVIEW_CELL_LENGTH = 100;

  private Limits() {}
}
