/** Predictions with trained models, by job or by deployment, in a process of their own. */
@NullMarked
package io.trainyard.serving;

import org.jspecify.annotations.NullMarked;
