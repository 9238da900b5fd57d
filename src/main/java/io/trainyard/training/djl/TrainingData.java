package io.trainyard.training.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.trainyard.datasets.DatasetShape;
import io.trainyard.datasets.Normalization;
import io.trainyard.datasets.SyntheticSpec;
import io.trainyard.datasets.TableData;
import io.trainyard.datasets.Target;
import io.trainyard.training.FeatureScaling;
import io.trainyard.training.TrainingFailure;
import io.trainyard.training.TrainingPlan;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A job's rows as torch's arrays on the job's device. They may be the memory that the data came in,
 * which the arrays keep alive.
 *
 * @param train the rows that train, in the order of an unshuffled epoch
 * @param validation null without a validation split
 * @param scaling null if features are as they came
 */
record TrainingData(Rows train, @Nullable Rows validation, @Nullable FeatureScaling scaling) {

  /** Inputs and targets, row for row. */
  record Rows(NDArray x, NDArray y, int count) {
    NDList arguments() {
      return new NDList(x, y);
    }
  }

  /**
   * Loads and splits. Seeds torch's generator with the data's seed, for a split with the job's.
   *
   * @param target as the loss takes it
   * @throws TrainingFailure if there are too few rows, or values that cannot be trained on
   */
  static TrainingData load(PtNDManager manager, TrainingPlan plan, Target target)
      throws TrainingFailure {
    DatasetShape shape = plan.data().shape();
    boolean splits = plan.validationFraction() > 0;
    if (shape.rows() < (splits ? 2 : 1)) {
      throw dataError("the data has " + shape.rows() + " rows: too few");
    }
    try (PtNDManager cpu = manager.newSubManager(ai.djl.Device.cpu())) {
      NDArray x;
      NDArray y;
      if (plan.data() instanceof SyntheticSpec spec) {
        JniUtils.setSeed(spec.seed());
        x = cpu.randomNormal(0, 1, Tensors.batch(spec.samples(), spec.input()), DataType.FLOAT32);
        y = draw(cpu, spec);
      } else {
        TableData table = (TableData) plan.data();
        x =
            cpu.create(
                table.features().duplicate().order(ByteOrder.nativeOrder()),
                Tensors.batch(shape.rows(), shape.input()),
                DataType.FLOAT32);
        y = targets(cpu, table, target);
      }
      Split split = null;
      if (splits) {
        JniUtils.setSeed(plan.seed());
        split = new Split(permutation(cpu, shape.rows()), plan.validationFraction());
      }
      FeatureScaling scaling = scaling(plan.data(), split);
      if (split == null) {
        // A copy, because scaling is in place and the table's numbers are not torch's.
        NDArray xs = scaling == null ? x : x.duplicate();
        return new TrainingData(rows(manager, xs, y, scaling), null, scaling);
      }
      return new TrainingData(
          pick(manager, x, y, split.train(), scaling),
          pick(manager, x, y, split.validation(), scaling),
          scaling);
    }
  }

  private static NDArray draw(PtNDManager cpu, SyntheticSpec spec) {
    if (spec.target() instanceof Target.Values values) {
      Shape shape = Tensors.batch(spec.samples(), values.shape());
      NDArray y = cpu.randomNormal(0, 1, shape, DataType.FLOAT32);
      return spec.unitRange() ? y.getNDArrayInternal().sigmoid() : y;
    }
    Target.Classes classes = (Target.Classes) spec.target();
    return cpu.randomInteger(0, classes.count(), new Shape(spec.samples()), DataType.INT64);
  }

  private static NDArray targets(PtNDManager cpu, TableData table, Target target)
      throws TrainingFailure {
    long rows = table.shape().rows();
    LongBuffer classes = table.classes();
    if (classes != null && target instanceof Target.Classes expected) {
      for (int i = 0; i < rows; i++) {
        long index = classes.get(i);
        if (index < 0 || index >= expected.count()) {
          throw dataError(
              "row %d is of class %d; the classes are 0 to %d"
                  .formatted(i, index, expected.count() - 1));
        }
      }
      return cpu.create(classes.duplicate(), new Shape(rows), DataType.INT64);
    }
    FloatBuffer values = table.values();
    if (values != null && target instanceof Target.Values expected) {
      return cpu.create(
          values.duplicate(), Tensors.batch(rows, expected.shape()), DataType.FLOAT32);
    }
    throw new IllegalArgumentException("the data's target is not what its shape says");
  }

  private static @Nullable FeatureScaling scaling(
      io.trainyard.datasets.DataSource data, @Nullable Split split) {
    if (!(data instanceof TableData table) || table.normalization() == Normalization.NONE) {
      return null;
    }
    long[] rows =
        split == null ? LongStream.range(0, table.shape().rows()).toArray() : split.train();
    int width = Math.toIntExact(table.shape().input().elements());
    return Scaling.fit(table.inputs(), width, rows, table.normalization());
  }

  /** Some of the rows, copied. */
  private static Rows pick(
      PtNDManager manager, NDArray x, NDArray y, long[] rows, @Nullable FeatureScaling scaling)
      throws TrainingFailure {
    try (NDArray index = x.getManager().create(rows)) {
      return rows(manager, x.get(index), y.get(index), scaling);
    }
  }

  /** Scales in place, checks, and brings to the manager's device. */
  private static Rows rows(
      PtNDManager manager, NDArray x, NDArray y, @Nullable FeatureScaling scaling)
      throws TrainingFailure {
    if (scaling != null) {
      Shape shape = x.getShape().slice(1);
      x.subi(numbers(x.getManager(), scaling.offset(), shape));
      x.divi(numbers(x.getManager(), scaling.scale(), shape));
    }
    requireFinite(x);
    requireFinite(y);
    return new Rows(own(manager, x), own(manager, y), Math.toIntExact(x.getShape().get(0)));
  }

  private static NDArray numbers(NDManager manager, List<Double> values, Shape shape) {
    return manager
        .create(values.stream().mapToDouble(v -> v).toArray(), shape)
        .toType(DataType.FLOAT32, false);
  }

  private static void requireFinite(NDArray array) throws TrainingFailure {
    if (array.getDataType() != DataType.FLOAT32) {
      return;
    }
    try (NDArray nan = array.isNaN();
        NDArray anyNan = nan.any();
        NDArray infinite = array.isInfinite();
        NDArray anyInfinite = infinite.any()) {
      if (anyNan.getBoolean() || anyInfinite.getBoolean()) {
        throw dataError("the data has values that are not finite numbers");
      }
    }
  }

  private static NDArray own(PtNDManager manager, NDArray array) {
    NDArray there = array.toDevice(manager.getDevice(), false);
    there.attach(manager);
    return there;
  }

  /** torch.randperm. */
  static long[] permutation(PtNDManager cpu, long rows) {
    try (NDArray array = cpu.randomPermutation(rows)) {
      return array.toLongArray();
    }
  }

  private static TrainingFailure dataError(String message) {
    return new TrainingFailure(TrainingFailure.Reason.DATA_ERROR, message);
  }
}
