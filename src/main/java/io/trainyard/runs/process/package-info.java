/** Runners as child processes on this machine. */
@NullMarked
package io.trainyard.runs.process;

import org.jspecify.annotations.NullMarked;
