/** Jobs: states, queue, leases, attempts, events. */
@NullMarked
package io.trainyard.jobs;

import org.jspecify.annotations.NullMarked;
