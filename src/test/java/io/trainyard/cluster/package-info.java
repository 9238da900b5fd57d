/** A cluster for tests: fabric8's API server, and a kubelet that really starts runners. */
@NullMarked
package io.trainyard.cluster;

import org.jspecify.annotations.NullMarked;
