@NullMarked
package io.trainyard.training;

import org.jspecify.annotations.NullMarked;
