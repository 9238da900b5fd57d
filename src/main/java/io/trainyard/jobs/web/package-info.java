/** Jobs over HTTP: REST, live events, files. */
@NullMarked
package io.trainyard.jobs.web;

import org.jspecify.annotations.NullMarked;
