/** The vocabularies as JSON Schema. */
@NullMarked
package io.trainyard.schemas;

import org.jspecify.annotations.NullMarked;
