package io.trainyard.datasets;

import io.trainyard.shared.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The beginning of an array in NumPy's NPY format, versions 1 to 3. */
final class NpyHeader {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** As NumPy reads no more. */
  private static final int MOST = 10_000;

  /** A dictionary as Python writes it; NumPy puts the members in this order. */
  private static final Pattern DICTIONARY =
      Pattern.compile(
          "\\{'descr': *+(?<descr>.+?), *'fortran_order': *(?<fortran>True|False),"
              + " *'shape': *\\((?<shape>[0-9, ]*)\\),? *\\}\\s*",
          Pattern.DOTALL);

  private NpyHeader() {}

  /**
   * Reads the header.
   *
   * @return the numbers that come after it
   */
  static ArrayReader read(ArrayPlace place, InputStream in) throws IOException {
    byte[] start = in.readNBytes(MAGIC.length + 2);
    if (!startsWithMagic(start)) {
      throw place.refusal("is no array in NumPy's NPY format");
    }
    int width = start[MAGIC.length] == 1 ? Short.BYTES : Integer.BYTES;
    byte[] length = Arrays.copyOf(in.readNBytes(width), Integer.BYTES);
    long size =
        Integer.toUnsignedLong(ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt());
    byte[] text = in.readNBytes((int) Math.min(size, MOST));
    Matcher header = DICTIONARY.matcher(new String(text, StandardCharsets.UTF_8));
    if (text.length < size || !header.matches()) {
      throw place.refusal("has a damaged header");
    }
    return ArrayReader.of(place, in, type(place, header.group("descr")), shape(place, header));
  }

  private static boolean startsWithMagic(byte[] start) {
    return start.length == MAGIC.length + 2
        && Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
        && start[MAGIC.length] >= 1
        && start[MAGIC.length] <= 3;
  }

  private static ArrayType type(ArrayPlace place, String descr) {
    ArrayType type =
        descr.length() < 2 ? null : ArrayType.of(descr.substring(1, descr.length() - 1));
    if (type == null) {
      throw place.refusal(
          "is of dtype "
              + Cell.show(descr)
              + "; those that are read are bool, int8 to int64, uint8 to uint64, float32 and"
              + " float64");
    }
    return type;
  }

  private static Shape shape(ArrayPlace place, Matcher header) {
    List<Integer> sizes = new ArrayList<>();
    for (String size : header.group("shape").split(",")) {
      if (!size.isBlank()) {
        sizes.add(size(place, size.strip()));
      }
    }
    if (header.group("fortran").equals("True") && sizes.size() > 1) {
      throw place.refusal(
          "is in the order of Fortran, column after column: save numpy.ascontiguousarray");
    }
    return new Shape(sizes);
  }

  private static int size(ArrayPlace place, String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw place.refusal("has a dimension of " + Cell.show(digits) + ", which is too large");
    }
  }
}
