@NullMarked
package io.trainyard.jobs.web;

import org.jspecify.annotations.NullMarked;
