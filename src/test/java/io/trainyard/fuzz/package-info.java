/** What generated documents and expressions do to the service. */
@NullMarked
package io.trainyard.fuzz;

import org.jspecify.annotations.NullMarked;
