@NullMarked
package io.trainyard.runs;

import org.jspecify.annotations.NullMarked;
