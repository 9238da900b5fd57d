/** Child processes that load the native engine, so that a crash of it is not the server's. */
@NullMarked
package io.trainyard.processes;

import org.jspecify.annotations.NullMarked;
