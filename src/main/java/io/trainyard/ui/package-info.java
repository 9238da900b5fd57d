/** Pages for people. */
@NullMarked
package io.trainyard.ui;

import org.jspecify.annotations.NullMarked;
