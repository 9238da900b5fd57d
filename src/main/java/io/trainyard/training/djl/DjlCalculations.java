package io.trainyard.training.djl;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.trainyard.expressions.DType;
import io.trainyard.models.Gradcheck;
import io.trainyard.training.Calculations;
import io.trainyard.training.TensorData;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calculations on PyTorch's CPU. Not for several threads at once. */
public final class DjlCalculations implements Calculations {
  private static final int KEPT_SCRIPTS = 64;

  private final PtNDManager manager;

  /** The last programs by their text: a client that trains by hand sends the same again. */
  private final Map<String, Script> scripts = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Loads PyTorch.
   *
   * @param threads of its arithmetic
   */
  public DjlCalculations(int threads) {
    this.manager = (PtNDManager) Engines.pytorch().newBaseManager(Device.cpu());
    JniUtils.setNumThreads(threads);
  }

  @Override
  public Answer gradients(Question question) throws Refused {
    GradientText text = GradientText.of(question);
    boolean gradients = JniUtils.isGradMode();
    try (PtNDManager scope = (PtNDManager) manager.newSubManager()) {
      JniUtils.setGradMode(true);
      NDList inputs = new NDList();
      question.tensors().values().forEach(input -> inputs.add(array(scope, input.data())));
      if (question.gradOutput() != null) {
        inputs.add(array(scope, question.gradOutput()));
      }
      NDList results = script(text.text()).runAll(GradientText.METHOD, inputs, true);
      Map<String, @Nullable TensorData> found = new LinkedHashMap<>();
      for (int i = 0; i < text.asking().size(); i++) {
        NDArray gradient = results.get(i + 1);
        // A tensor that is asked for has elements; none stands for torch's None.
        found.put(text.asking().get(i), gradient.isEmpty() ? null : data(gradient));
      }
      return new Answer(data(results.get(0)), found);
    } catch (EngineException e) {
      throw new Refused(DjlTrainingEngine.reason(String.valueOf(e.getMessage())));
    } finally {
      JniUtils.setGradMode(gradients);
    }
  }

  @Override
  public Map<String, Gradcheck.@Nullable Check> gradcheck(Gradcheck.Function function)
      throws Refused {
    boolean gradients = JniUtils.isGradMode();
    try (PtNDManager scope = (PtNDManager) manager.newSubManager();
        Script script = Script.load(scope, GradcheckText.of(function))) {
      JniUtils.setGradMode(false);
      return new NumericCheck(function, scope).run(script, this);
    } catch (EngineException e) {
      throw new Refused(DjlTrainingEngine.reason(String.valueOf(e.getMessage())));
    } finally {
      JniUtils.setGradMode(gradients);
    }
  }

  private Script script(String text) {
    Script known = scripts.get(text);
    if (known != null) {
      return known;
    }
    Script loaded = Script.load(manager, text);
    scripts.put(text, loaded);
    if (scripts.size() > KEPT_SCRIPTS) {
      Iterator<Script> oldest = scripts.values().iterator();
      oldest.next().close();
      oldest.remove();
    }
    return loaded;
  }

  static NDArray array(PtNDManager manager, TensorData data) {
    long[] sizes = data.sizes().stream().mapToLong(Long::longValue).toArray();
    return manager.create(data.bytes().duplicate(), new Shape(sizes), type(data.dtype()));
  }

  static TensorData data(NDArray array) {
    ByteBuffer bytes = array.toByteBuffer();
    ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
    copy.put(bytes.duplicate()).flip();
    return new TensorData(
        dtype(array.getDataType()),
        Arrays.stream(array.getShape().getShape()).boxed().toList(),
        copy);
  }

  private static DataType type(DType dtype) {
    return switch (dtype) {
      case BOOL -> DataType.BOOLEAN;
      case INT64 -> DataType.INT64;
      case FLOAT32 -> DataType.FLOAT32;
      case FLOAT64 -> DataType.FLOAT64;
    };
  }

  private static DType dtype(DataType type) {
    return switch (type) {
      case BOOLEAN -> DType.BOOL;
      case INT64 -> DType.INT64;
      case FLOAT32 -> DType.FLOAT32;
      case FLOAT64 -> DType.FLOAT64;
      default -> throw new IllegalStateException("an expression gave " + type);
    };
  }
}
