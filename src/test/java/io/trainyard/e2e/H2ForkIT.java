package io.trainyard.e2e;

import org.springframework.test.context.ContextConfiguration;

@ContextConfiguration(initializers = LifeCycleService.OnH2.class)
class H2ForkIT extends ForkContract {
  H2ForkIT(Parts parts) {
    super(parts);
  }
}
