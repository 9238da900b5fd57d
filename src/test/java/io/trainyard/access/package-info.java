@NullMarked
package io.trainyard.access;

import org.jspecify.annotations.NullMarked;
