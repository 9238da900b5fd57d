/** The pages in docs that are made of the code, or held against it. */
@NullMarked
package io.trainyard.docs;

import org.jspecify.annotations.NullMarked;
