package io.trainyard.jobs;

/** What a runner can get where it will run, if that is not the server's machine. */
@FunctionalInterface
public interface RunnerMemory {

  /** In bytes. */
  long most();
}
