package io.trainyard.datasets;

import io.trainyard.access.CurrentCaller;
import io.trainyard.limits.LimitProperties;
import io.trainyard.shared.Ids;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The one place where this feature's plain objects meet Spring. */
@Configuration(proxyBeanMethods = false)
class DatasetsConfiguration {

  @Bean
  Datasets datasets(
      JdbcClient jdbc,
      @Value("${trainyard.home}") String home,
      ObjectProvider<DatasetUse> uses,
      Ids ids,
      Clock clock,
      LimitProperties limits,
      CurrentCaller caller) {
    DatasetBounds bounds =
        new DatasetBounds(limits.rows(), limits.columns(), limits.unpacked().toBytes());
    return new Datasets(jdbc, Path.of(home), uses, ids, clock, bounds, caller);
  }
}
