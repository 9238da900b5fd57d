/** Runs: claiming jobs, launching runners, and the server's side of the runner protocol. */
@NullMarked
package io.trainyard.runs;

import org.jspecify.annotations.NullMarked;
