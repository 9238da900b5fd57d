package io.trainyard.training.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.trainyard.training.TrainingFailure;
import java.util.function.Function;

/** Devices by the names that documents use. */
final class Devices {
  private static final String CUDA = "cuda";

  private Devices() {}

  /**
   * Finds a device.
   *
   * @param name "auto", "cpu", "cuda" or "cuda:N"
   * @throws TrainingFailure if there is no such device
   */
  static Device find(Engine engine, String name) throws TrainingFailure {
    int gpus = engine.getGpuCount();
    if (name.equals("cpu") || (name.equals("auto") && gpus == 0)) {
      return Device.cpu();
    }
    int index = name.startsWith(CUDA + ":") ? Integer.parseInt(name.substring(5)) : 0;
    if (index >= gpus) {
      throw new TrainingFailure(
          TrainingFailure.Reason.DEVICE_UNAVAILABLE,
          "device \"%s\" is not available here: torch finds %s"
              .formatted(name, gpus == 0 ? "no CUDA device" : gpus + " CUDA device(s)"));
    }
    return Device.gpu(index);
  }

  static String name(Device device) {
    return device.isGpu() ? CUDA + ":" + device.getDeviceId() : "cpu";
  }

  /**
   * Makes an array on the CPU, whose random generator is the one that jobs are reproducible by, and
   * brings it to the manager's device.
   */
  static NDArray onCpu(PtNDManager manager, Function<PtNDManager, NDArray> maker) {
    if (!manager.getDevice().isGpu()) {
      return maker.apply(manager);
    }
    try (PtNDManager cpu = manager.newSubManager(Device.cpu())) {
      NDArray array = maker.apply(cpu).toDevice(manager.getDevice(), true);
      array.attach(manager);
      return array;
    }
  }
}
