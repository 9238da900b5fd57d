/** Datasets: specs, readers, splits, normalisation. */
@NullMarked
package io.trainyard.datasets;

import org.jspecify.annotations.NullMarked;
