/** What the tests of several features use. */
@NullMarked
package io.trainyard;

import org.jspecify.annotations.NullMarked;
