/** Graphs in the format of ONNX: nodes, constants, and what several layers and operators share. */
@NullMarked
package io.trainyard.onnx;

import org.jspecify.annotations.NullMarked;
