/** The training engine as the rest of the service sees it: no Spring, no database, no DJL. */
@NullMarked
package io.trainyard.training;

import org.jspecify.annotations.NullMarked;
