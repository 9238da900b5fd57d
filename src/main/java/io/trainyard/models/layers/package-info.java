/** The layers, one small class each, registered in {@link io.trainyard.models.layers.Layers}. */
@NullMarked
package io.trainyard.models.layers;

import org.jspecify.annotations.NullMarked;
