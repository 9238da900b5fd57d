/** What a runner and a server say to each other, over HTTP with JSON. */
@NullMarked
package io.trainyard.runner.protocol;

import org.jspecify.annotations.NullMarked;
