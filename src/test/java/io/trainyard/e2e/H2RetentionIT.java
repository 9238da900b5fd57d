package io.trainyard.e2e;

import org.springframework.test.context.ContextConfiguration;

@ContextConfiguration(initializers = LifeCycleService.OnH2.class)
class H2RetentionIT extends RetentionContract {
  H2RetentionIT(Parts parts) {
    super(parts);
  }
}
