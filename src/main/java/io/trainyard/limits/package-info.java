/** How much anyone may ask of the service: the numbers, and the rate of requests. */
@NullMarked
package io.trainyard.limits;

import org.jspecify.annotations.NullMarked;
