/**
 * The schedulers, one small class each, registered in {@link
 * io.trainyard.training.schedulers.Schedulers}.
 */
@NullMarked
package io.trainyard.training.schedulers;

import org.jspecify.annotations.NullMarked;
