@NullMarked
package io.trainyard.jobs;

import org.jspecify.annotations.NullMarked;
