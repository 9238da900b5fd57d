/** Downloads of what jobs left behind and of what is made of it. */
@NullMarked
package io.trainyard.exports.web;

import org.jspecify.annotations.NullMarked;
