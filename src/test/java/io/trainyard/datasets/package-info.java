@NullMarked
package io.trainyard.datasets;

import org.jspecify.annotations.NullMarked;
