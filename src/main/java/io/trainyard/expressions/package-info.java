/** The tensor expression language: grammar, operators, shapes, and its form as TorchScript. */
@NullMarked
package io.trainyard.expressions;

import org.jspecify.annotations.NullMarked;
