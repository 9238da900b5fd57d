package io.trainyard.jobs;

import io.trainyard.limits.LimitProperties;
import io.trainyard.limits.LongTexts;
import io.trainyard.models.ModelSizes;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Problem;
import io.trainyard.training.JobDocument;
import io.trainyard.training.MemoryEstimate;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;

/** Whether a job is as small as this server's configuration asks for. */
@Component
class JobLimits {
  private static final double GIGABYTE = 1L << 30;

  private final LimitProperties limits;
  private final ModelSizes sizes;
  private final ObjectProvider<RunnerMemory> runners;

  JobLimits(LimitProperties limits, ModelSizes sizes, ObjectProvider<RunnerMemory> runners) {
    this.limits = limits;
    this.sizes = sizes;
    this.runners = runners;
  }

  /**
   * Checks a document, and gives it this server's limit of time where it has none.
   *
   * @param posted what was read
   * @throws Problem of kind INVALID with a pointer for everything that is too large
   */
  JobDocument admit(JsonNode posted, JobDocument read) {
    Errors errors = new Errors();
    JsonNode model = posted.path("model");
    boolean inline = model.isObject();
    sizes.check(
        read.model(),
        read.summary(),
        inline ? model.path("layers") : model,
        inline ? "/model/layers" : "/model",
        errors);
    LongTexts.refuse(posted.path("loss"), "/loss", limits.expression(), errors);
    LongTexts.refuseDocument(posted, errors);
    String rows = read.data() == null ? "/dataset" : "/dataset/samples";
    bound("rows", read.shape().rows(), limits.rows(), rows, errors);
    bound("epochs", read.options().epochs(), limits.epochs(), "/epochs", errors);
    Double most = seconds();
    Double asked = read.options().maxRuntimeSeconds();
    if (most != null && asked != null && asked > most) {
      errors.add(
          "/max_runtime_seconds",
          "is %s, the limit is %s (trainyard.limits.runtime)".formatted(asked, most));
    }
    Long memory = memory(read);
    if (memory != null && read.memory().total() > memory) {
      errors.add(
          largest(read.memory()),
          "the job needs about %s of memory, the limit is %s (trainyard.limits.memory)"
              .formatted(text(read.memory().total()), text(memory)));
    }
    errors.throwIfAny();
    return asked == null && most != null ? read.within(most) : read;
  }

  /**
   * What the job's runner may need, in bytes; null for a job on a GPU, whose memory is another one
   * that the server does not see.
   */
  @Nullable Long memory(JobDocument document) {
    if (document.options().device().startsWith("cuda")) {
      return null;
    }
    DataSize configured = limits.memory();
    return configured != null
        ? configured.toBytes()
        : runners.getIfAvailable(() -> JobLimits::machine).most();
  }

  /** The member of the document that most of the memory is for. */
  private static String largest(MemoryEstimate needed) {
    double model =
        (double) needed.parameters() + needed.gradients() + needed.optimizer() + needed.copies();
    if (model >= needed.dataset() && model >= needed.activations()) {
      return "/model";
    }
    return needed.dataset() >= needed.activations() ? "/dataset" : "/batch_size";
  }

  private static String text(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / GIGABYTE);
  }

  private @Nullable Double seconds() {
    return limits.runtime() == null ? null : limits.runtime().toMillis() / 1000.0;
  }

  private static void bound(String what, long value, long most, String pointer, Errors errors) {
    if (value > most) {
      errors.add(
          pointer,
          "%d %s, the limit is %d (trainyard.limits.%s)".formatted(value, what, most, what));
    }
  }

  /** The memory of this machine, or of the container. */
  private static long machine() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
        .getTotalMemorySize();
  }
}
