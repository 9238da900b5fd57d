package io.trainyard.datasets;

import java.util.Optional;

/** Whoever needs datasets to stay; every bean of this type is asked before one is deleted. */
public interface DatasetUse {

  /** What still needs a dataset, as an error message names it: "job job_…"; else empty. */
  Optional<String> neededBy(Dataset dataset);
}
