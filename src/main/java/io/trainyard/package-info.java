/** Trainyard: model training as a REST service. */
@NullMarked
package io.trainyard;

import org.jspecify.annotations.NullMarked;
