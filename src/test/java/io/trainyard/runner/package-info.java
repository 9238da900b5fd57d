@NullMarked
package io.trainyard.runner;

import org.jspecify.annotations.NullMarked;
