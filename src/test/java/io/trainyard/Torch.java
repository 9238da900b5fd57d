package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Debian's PyTorch, to compare with: {@code apt-get install python3-torch}. */
public final class Torch {
  /** The Python that has it; another one may come first in the path. */
  public static final String PYTHON = "/usr/bin/python3";

  private Torch() {}

  /** For {@code @EnabledIf}: without it the tests that need it are skipped, and say so. */
  public static boolean isThere() {
    boolean there = false;
    try {
      Process process =
          new ProcessBuilder(
                  PYTHON,
                  "-c",
                  "from importlib.util import find_spec; find_spec('torch') or exit(1)")
              .start();
      there = process.waitFor() == 0;
    } catch (IOException e) {
      // There is no Python.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!there) {
      System.out.println("SKIPPED: a test needs Debian's python3-torch, and there is none");
    }
    return there;
  }

  /**
   * Runs a program of src/test/resources/exports.
   *
   * @return what it printed
   */
  public static String resource(String name, Path scratch, Object... arguments)
      throws IOException, InterruptedException {
    Path program = scratch.resolve(name);
    try (InputStream in = Torch.class.getResourceAsStream("/exports/" + name)) {
      Files.write(program, Objects.requireNonNull(in).readAllBytes());
    }
    return run(program, arguments);
  }

  /**
   * Runs a program, which must succeed.
   *
   * @return what it printed
   */
  public static String run(Path program, Object... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(PYTHON, program.toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Path errors = Files.createTempFile("python", ".err");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(errors) + output).isZero();
      return output;
    } finally {
      process.destroy();
      Files.delete(errors);
    }
  }
}
