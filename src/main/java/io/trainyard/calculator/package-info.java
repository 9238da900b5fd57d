/** Calculations on request, in a process beside the server: the server itself loads no torch. */
@NullMarked
package io.trainyard.calculator;

import org.jspecify.annotations.NullMarked;
