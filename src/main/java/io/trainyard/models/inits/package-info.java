/** torch.nn.init as data. */
@NullMarked
package io.trainyard.models.inits;

import org.jspecify.annotations.NullMarked;
