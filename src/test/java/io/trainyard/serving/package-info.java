@NullMarked
package io.trainyard.serving;

import org.jspecify.annotations.NullMarked;
