/** Calculations over HTTP. */
@NullMarked
package io.trainyard.calculator.web;

import org.jspecify.annotations.NullMarked;
