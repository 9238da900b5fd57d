package io.trainyard.datasets;

import io.trainyard.shared.Problem;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The arrays of an NPZ file, which is a zip of NPY files, as they come: memory is needed for no
 * more than a block of one.
 */
final class NpzArrays {
  private static final String NPY = ".npy";
  private static final int MOST_ENTRIES = 1000;
  private static final int NAMES_SHOWN = 10;

  private NpzArrays() {}

  /**
   * Goes through {@code x} and {@code y}, in the order of the file, and passes over the others.
   *
   * @param in closed at the end
   * @param unpacked bytes of all arrays, at most
   * @throws Problem if it is no such file
   * @throws IOException if the reading is at fault
   */
  static void each(InputStream in, long unpacked, ArrayTaker taker) throws IOException {
    Set<String> taken = new LinkedHashSet<>();
    Set<String> others = new LinkedHashSet<>();
    // Names of another encoding than the arrays' are not looked at.
    try (ZipInputStream zip = new ZipInputStream(in, StandardCharsets.ISO_8859_1)) {
      InputStream bounded = new BoundedStream(zip, unpacked);
      int entries = 0;
      for (ZipEntry entry = next(zip); entry != null; entry = next(zip)) {
        if (++entries > MOST_ENTRIES) {
          throw FileRefusal.of("the file has more than " + MOST_ENTRIES + " arrays");
        }
        ArrayPlace place = new ArrayPlace(name(entry), "file");
        if (place.name().equals(ArraysProfile.X) || place.name().equals(ArraysProfile.Y)) {
          if (!taken.add(place.name())) {
            throw place.refusal("is there twice");
          }
          ArrayReader array = NpyHeader.read(place, bounded);
          taker.take(array);
          array.end();
        } else {
          bounded.transferTo(OutputStream.nullOutputStream());
          if (others.size() < NAMES_SHOWN) {
            others.add(Cell.show(place.name()));
          }
        }
      }
    } catch (ZipException | EOFException e) {
      throw FileRefusal.of("the file is no whole NPZ file: " + e.getMessage());
    } catch (BoundedStream.TooLongException e) {
      throw FileRefusal.of("the file " + e.getMessage());
    }
    if (taken.isEmpty() && others.isEmpty()) {
      throw FileRefusal.of("the file is no NPZ file; numpy.savez(file, x=…, y=…) writes one");
    }
    for (String name : new String[] {ArraysProfile.X, ArraysProfile.Y}) {
      if (!taken.contains(name)) {
        others.addAll(taken);
        throw FileRefusal.of("there is no array '" + name + "', only " + String.join(", ", others));
      }
    }
  }

  private static @Nullable ZipEntry next(ZipInputStream zip) throws IOException {
    try {
      return zip.getNextEntry();
    } catch (IllegalArgumentException e) {
      throw new ZipException(e.getMessage()); // of names and extra fields that are too long
    }
  }

  private static String name(ZipEntry entry) {
    String file = entry.getName();
    return file.endsWith(NPY) ? file.substring(0, file.length() - NPY.length()) : file;
  }
}
