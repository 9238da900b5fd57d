@NullMarked
package io.trainyard.runs.process;

import org.jspecify.annotations.NullMarked;
