/** The losses, one small class each, registered in {@link io.trainyard.training.losses.Losses}. */
@NullMarked
package io.trainyard.training.losses;

import org.jspecify.annotations.NullMarked;
