/** What every controller uses: problems as HTTP, limits, idempotency. */
@NullMarked
package io.trainyard.shared.web;

import org.jspecify.annotations.NullMarked;
