/** Who calls, and what they may do and see. */
@NullMarked
package io.trainyard.access;

import org.jspecify.annotations.NullMarked;
