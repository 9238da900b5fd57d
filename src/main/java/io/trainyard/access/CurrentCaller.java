package io.trainyard.access;

/** The one to inject where something depends on who asks. */
@FunctionalInterface
public interface CurrentCaller {

  /**
   * The caller of the request that this thread serves.
   *
   * @throws IllegalStateException if it serves none: work in the background belongs to nobody, and
   *     a runner is no caller
   */
  Caller get();
}
