/** Trained models and jobs in the formats of others: ONNX, TorchScript, a PyTorch program. */
@NullMarked
package io.trainyard.exports;

import org.jspecify.annotations.NullMarked;
