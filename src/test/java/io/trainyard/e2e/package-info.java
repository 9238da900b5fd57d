/** The packaged service from outside: real processes, real sockets, real training. */
@org.jspecify.annotations.NullMarked
package io.trainyard.e2e;
