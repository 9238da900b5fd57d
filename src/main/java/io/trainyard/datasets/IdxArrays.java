package io.trainyard.datasets;

import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Two arrays in the IDX format of the MNIST files, the inputs and then the targets, in one stream:
 * two files one after the other, both of them plain or both gzip.
 */
final class IdxArrays {
  private static final ArrayPlace X = new ArrayPlace(ArraysProfile.X, "file");
  private static final ArrayPlace Y = new ArrayPlace(ArraysProfile.Y, "labels");

  private IdxArrays() {}

  /**
   * Goes through {@code x} and {@code y}.
   *
   * @param in closed at the end
   * @param unpacked bytes of both if they are compressed, at most
   * @throws Problem if they are no such files
   * @throws IOException if the reading is at fault
   */
  static void each(InputStream in, long unpacked, ArrayTaker taker) throws IOException {
    try (in;
        InputStream arrays = Unpacked.of(in, unpacked)) {
      taker.take(read(X, arrays, "is not in the IDX format"));
      ArrayReader y =
          read(
              Y,
              arrays,
              "is not in the IDX format, is compressed otherwise than the file, or that one is"
                  + " shorter or longer than its shape");
      taker.take(y);
      y.end();
    } catch (ZipException | EOFException e) {
      throw FileRefusal.of("the gzip data is damaged: " + e.getMessage());
    } catch (BoundedStream.TooLongException e) {
      throw FileRefusal.of("the file " + e.getMessage());
    }
  }

  private static ArrayReader read(ArrayPlace place, InputStream in, String none)
      throws IOException {
    byte[] magic = in.readNBytes(Integer.BYTES);
    ArrayType type =
        magic.length == Integer.BYTES && magic[0] == 0 && magic[1] == 0 ? type(magic[2]) : null;
    if (type == null) {
      throw place.refusal(none);
    }
    int rank = Byte.toUnsignedInt(magic[3]);
    ByteBuffer sizes = ByteBuffer.wrap(in.readNBytes(rank * Integer.BYTES));
    List<Integer> shape = new ArrayList<>();
    while (sizes.remaining() >= Integer.BYTES) {
      shape.add(sizes.getInt());
    }
    if (shape.size() < rank || shape.stream().anyMatch(size -> size < 0)) {
      throw place.refusal("has a damaged header");
    }
    return ArrayReader.of(place, in, type, new Shape(shape));
  }

  private static @Nullable ArrayType type(byte code) {
    return switch (code) {
      case 0x08 -> new ArrayType('u', 1, ByteOrder.BIG_ENDIAN);
      case 0x09 -> new ArrayType('i', 1, ByteOrder.BIG_ENDIAN);
      case 0x0B -> new ArrayType('i', 2, ByteOrder.BIG_ENDIAN);
      case 0x0C -> new ArrayType('i', 4, ByteOrder.BIG_ENDIAN);
      case 0x0D -> new ArrayType('f', 4, ByteOrder.BIG_ENDIAN);
      case 0x0E -> new ArrayType('f', 8, ByteOrder.BIG_ENDIAN);
      default -> null;
    };
  }
}
