/** What generated documents, expressions and requests do to the service. */
@NullMarked
package io.trainyard.fuzz;

import org.jspecify.annotations.NullMarked;
