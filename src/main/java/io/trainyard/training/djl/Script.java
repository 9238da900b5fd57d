package io.trainyard.training.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Methods in TorchScript's serialized form, loaded from an archive made in memory: the zip that
 * torch.jit.save writes for a module without attributes.
 */
final class Script implements AutoCloseable {
  static final String CLASS_NAME = "Program";

  private static final String FOLDER = "program/";

  /** The pickled module: an object of the class, with {@code training} true. */
  private static final String DATA =
      "\u0080\u0002c__torch__\n"
          + CLASS_NAME
          + "\nq\u0000)\u0081}(X\b\u0000\u0000\u0000trainingq\u0001\u0089ub.";

  /** The operators' newest version, so that none is read as an older one of its name. */
  private static final String VERSION = "10\n";

  /** The pickled empty tuple. */
  private static final String CONSTANTS = "\u0080\u0002).";

  private final PtNDManager manager;
  private final PtSymbolBlock block;
  private final Map<String, NDArray> methods = new HashMap<>();

  private Script(PtNDManager manager, PtSymbolBlock block) {
    this.manager = manager;
    this.block = block;
  }

  /** Compiles the methods of a class body, each indented by two spaces. */
  static Script load(PtNDManager manager, String methods) {
    String code =
        """
        class %s(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
        %s\
        """
            .formatted(CLASS_NAME, methods);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
        write(zip, "data.pkl", DATA);
        write(zip, "code/__torch__.py", code);
        write(zip, "constants.pkl", CONSTANTS);
        write(zip, "version", VERSION);
      }
      ByteArrayInputStream in = new ByteArrayInputStream(bytes.toByteArray());
      return new Script(manager, JniUtils.loadModule(manager, in, false, false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(ZipOutputStream zip, String name, String latin1) throws IOException {
    zip.putNextEntry(new ZipEntry(FOLDER + name));
    for (int i = 0; i < latin1.length(); i++) {
      zip.write(latin1.charAt(i));
    }
    zip.closeEntry();
  }

  /**
   * Runs a method. Arrays of the same name that ends in {@code []} form a list argument.
   *
   * @param training false to run without autograd's bookkeeping
   * @return the result, attached to the first input's manager
   */
  NDArray run(String method, NDList inputs, boolean training) {
    return runAll(method, inputs, training).singletonOrThrow();
  }

  /** As {@link #run}, for a method that gives a list. */
  NDList runAll(String method, NDList inputs, boolean training) {
    // The profiling executor would spend its first runs on profiles that never pay here; the
    // setting is the thread's own.
    JniUtils.setGraphExecutorOptimize(false);
    NDList all = new NDList(inputs);
    all.add(methods.computeIfAbsent(method, this::marker));
    return IValueUtils.forward(block, all, training);
  }

  /** DJL takes the method's name from the name of an array among the inputs. */
  private NDArray marker(String method) {
    NDArray array = manager.create(0f);
    array.setName("module_method:" + method);
    return array;
  }

  @Override
  public void close() {
    methods.values().forEach(NDArray::close);
    block.close();
  }
}
