/** The runner: a process that trains one attempt of one job and ends. No Spring, no database. */
@NullMarked
package io.trainyard.runner;

import org.jspecify.annotations.NullMarked;
