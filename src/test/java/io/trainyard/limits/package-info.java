@NullMarked
package io.trainyard.limits;

import org.jspecify.annotations.NullMarked;
