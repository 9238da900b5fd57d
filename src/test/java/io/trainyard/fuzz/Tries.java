package io.trainyard.fuzz;

import java.util.Random;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyAttributes;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * How often properties are tried, and from which seed: the same in every build, so that a build
 * does not fail by chance. By hand {@code -Dtrainyard.fuzz.factor=20} tries twenty times as often,
 * and {@code -Dtrainyard.fuzz.seed} takes another number, or {@code random}.
 */
public final class Tries implements AroundPropertyHook {
  private static final String FACTOR = "trainyard.fuzz.factor";
  private static final String SEED = "trainyard.fuzz.seed";

  /** For a class it is for each of its properties. */
  @Override
  public PropagationMode propagateTo() {
    return PropagationMode.ALL_DESCENDANTS;
  }

  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) {
    PropertyAttributes attributes = context.attributes();
    attributes.setTries(attributes.tries().orElse(100) * Integer.getInteger(FACTOR, 1));
    String seed = System.getProperty(SEED, "1");
    attributes.setSeed(
        seed.equals("random") ? Long.toString(new Random().nextInt(Integer.MAX_VALUE)) : seed);
    PropertyExecutionResult result = property.execute();
    System.out.printf(
        "fuzz: %s: %d tries, seed %s%n",
        context.label(), result.countTries(), result.seed().orElse("?"));
    return result;
  }
}
