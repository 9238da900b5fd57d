/** What jobs leave behind: models, crash reports, logs. */
@NullMarked
package io.trainyard.artifacts;

import org.jspecify.annotations.NullMarked;
