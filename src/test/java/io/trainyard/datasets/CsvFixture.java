package io.trainyard.datasets;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Specs and files for the tests of CSV reading. */
final class CsvFixture {
  static final Path EXAMPLES = Path.of("examples");

  private CsvFixture() {}

  /** A spec by its members besides name and format, with single quotes for double ones. */
  static CsvSpec spec(String members) {
    return (CsvSpec) read("{'name': 'd', 'format': 'csv', " + members + "}");
  }

  /** A spec by its document, with single quotes for double ones. */
  static FileSpec read(String document) {
    Errors errors = new Errors();
    FileSpec spec = FileSpec.read(Json.read(bytes(document.replace('\'', '"'))), "", errors);
    errors.throwIfAny();
    return Objects.requireNonNull(spec);
  }

  static CsvDescriptor describe(CsvSpec spec, byte[] file) {
    Path path = null;
    try {
      path = Files.createTempFile("dataset", ".csv");
      Files.write(path, file);
      return CsvDescriptor.of(spec, path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      deleteQuietly(path);
    }
  }

  static CsvDescriptor describe(String members, String file) {
    return describe(spec(members), bytes(file));
  }

  static TableData read(CsvDescriptor descriptor, String file, Target target) {
    try {
      return CsvTable.read(new ByteArrayInputStream(bytes(file)), descriptor, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Problem problem(String members, byte[] file) {
    Problem problem = catchThrowableOfType(Problem.class, () -> describe(spec(members), file));
    return Objects.requireNonNull(problem, "there was no problem");
  }

  static Problem problem(String members, String file) {
    return problem(members, bytes(file));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void deleteQuietly(@Nullable Path path) {
    try {
      if (path != null) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
