/** Models as data: definitions, layers, shape inference, versions. */
@NullMarked
package io.trainyard.models;

import org.jspecify.annotations.NullMarked;
