/** What Prometheus sees, through Micrometer. */
@NullMarked
package io.trainyard.metrics;

import org.jspecify.annotations.NullMarked;
