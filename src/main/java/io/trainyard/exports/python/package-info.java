/** A job as the PyTorch program that it stands for. */
@NullMarked
package io.trainyard.exports.python;

import org.jspecify.annotations.NullMarked;
