/** The engine on PyTorch through DJL: the only place that imports ai.djl. */
@NullMarked
package io.trainyard.training.djl;

import org.jspecify.annotations.NullMarked;
