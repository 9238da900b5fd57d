@NullMarked
package io.trainyard.exports.python;

import org.jspecify.annotations.NullMarked;
