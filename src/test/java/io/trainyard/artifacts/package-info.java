@NullMarked
package io.trainyard.artifacts;

import org.jspecify.annotations.NullMarked;
