package io.trainyard.training.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.trainyard.fuzz.RandomJobs;
import io.trainyard.fuzz.Tries;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import tools.jackson.databind.node.ObjectNode;

/** Any layer with any arguments gives outputs of the shape that it says. */
@AddLifecycleHook(Tries.class)
class LayerFuzzTest {

  @Property(tries = 150)
  void givesTheShapeThatItSays(@ForAll Random random) {
    RandomJobs jobs = new RandomJobs(random);
    io.trainyard.shared.Shape input = jobs.input();
    ObjectNode layer = jobs.layer(input);
    try (PtNDManager manager = (PtNDManager) Engines.pytorch().newBaseManager(Device.cpu())) {
      JniUtils.setSeed(3);
      Shape shape = Tensors.batch(7, input);
      NDArray x = manager.randomNormal(0, 1, shape, DataType.FLOAT32);
      // Forward compares the shapes.
      Forward.run(manager, layer.toString(), Forward.weights(manager, layer.toString()), x);
    } catch (ai.djl.engine.EngineException e) {
      throw new AssertionError(layer + " of " + input, e);
    }
  }
}
