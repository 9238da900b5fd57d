package io.trainyard.e2e;

import org.springframework.test.context.ContextConfiguration;

@ContextConfiguration(initializers = LifeCycleService.OnH2.class)
class H2CheckpointIT extends CheckpointContract {
  H2CheckpointIT(Parts parts) {
    super(parts);
  }
}
