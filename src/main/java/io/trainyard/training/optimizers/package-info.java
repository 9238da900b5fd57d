/**
 * The optimizers, one small class each, registered in {@link
 * io.trainyard.training.optimizers.Optimizers}.
 */
@NullMarked
package io.trainyard.training.optimizers;

import org.jspecify.annotations.NullMarked;
