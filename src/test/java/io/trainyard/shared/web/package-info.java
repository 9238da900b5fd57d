@NullMarked
package io.trainyard.shared.web;

import org.jspecify.annotations.NullMarked;
