@NullMarked
package io.trainyard.datasets.web;

import org.jspecify.annotations.NullMarked;
