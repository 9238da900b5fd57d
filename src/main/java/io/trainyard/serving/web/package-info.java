/** Predictions and deployments over HTTP, and the Open Inference Protocol (KServe V2). */
@NullMarked
package io.trainyard.serving.web;

import org.jspecify.annotations.NullMarked;
