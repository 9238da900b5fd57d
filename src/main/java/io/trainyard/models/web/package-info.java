/** Models over HTTP. */
@NullMarked
package io.trainyard.models.web;

import org.jspecify.annotations.NullMarked;
