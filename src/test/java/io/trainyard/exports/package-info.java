@NullMarked
package io.trainyard.exports;

import org.jspecify.annotations.NullMarked;
