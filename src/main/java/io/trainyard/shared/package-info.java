/** What every feature uses: problems, JSON, ids, pages and the reading of vocabularies. */
@NullMarked
package io.trainyard.shared;

import org.jspecify.annotations.NullMarked;
