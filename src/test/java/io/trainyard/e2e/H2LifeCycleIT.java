package io.trainyard.e2e;

import org.springframework.test.context.ContextConfiguration;

@ContextConfiguration(initializers = LifeCycleService.OnH2.class)
class H2LifeCycleIT extends LifeCycleContract {
  H2LifeCycleIT(Parts parts) {
    super(parts);
  }
}
