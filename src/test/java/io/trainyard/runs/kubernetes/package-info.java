@NullMarked
package io.trainyard.runs.kubernetes;

import org.jspecify.annotations.NullMarked;
