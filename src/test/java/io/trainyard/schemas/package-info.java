@NullMarked
package io.trainyard.schemas;

import org.jspecify.annotations.NullMarked;
