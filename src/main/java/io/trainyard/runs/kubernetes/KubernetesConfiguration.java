package io.trainyard.runs.kubernetes;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.trainyard.jobs.RunnerMemory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The connection to the cluster. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "trainyard.launcher", havingValue = "kubernetes")
class KubernetesConfiguration {
  static final String USER_AGENT = "trainyard";

  // The dispatcher waits for the cluster, and renews leases in between.
  private static final int CONNECTION_TIMEOUT = 3_000;
  private static final int REQUEST_TIMEOUT = 10_000;
  private static final int RETRIES = 1;

  /** What a pod may use, in place of what this machine has. */
  @Bean
  RunnerMemory runnerMemory(KubernetesProperties properties) {
    Quantity memory = new Quantity(properties.resources().memory());
    long bytes = Quantity.getAmountInBytes(memory).longValue();
    return () -> bytes;
  }

  @Bean
  KubernetesClient kubernetesClient(KubernetesProperties properties) {
    Config base =
        properties.apiServer() == null
            ? Config.autoConfigure(null)
            : new ConfigBuilder(Config.empty())
                .withMasterUrl(properties.apiServer().toString())
                .build();
    Config config =
        new ConfigBuilder(base)
            .withUserAgent(USER_AGENT)
            .withHttp2Disable(true)
            .withConnectionTimeout(CONNECTION_TIMEOUT)
            .withRequestTimeout(REQUEST_TIMEOUT)
            .withRequestRetryBackoffLimit(RETRIES)
            .build();
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientFactory(new JdkHttpClientFactory())
        .build();
  }
}
