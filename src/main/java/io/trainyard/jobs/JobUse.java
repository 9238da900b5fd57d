package io.trainyard.jobs;

import java.util.Optional;

/** Whoever needs jobs to stay; every bean of this type is asked before one is removed. */
public interface JobUse {

  /** What still needs a job, as an error message names it: "deployment 'iris'"; else empty. */
  Optional<String> neededBy(String job);
}
