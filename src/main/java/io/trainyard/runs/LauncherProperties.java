package io.trainyard.runs;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where runners run. The launchers look at the same property themselves; here an unknown value is
 * refused when the server starts.
 *
 * @param launcher child processes of the server, or Jobs of Kubernetes
 */
@ConfigurationProperties("trainyard")
record LauncherProperties(@DefaultValue("process") Kind launcher) {

  enum Kind {
    PROCESS,
    KUBERNETES
  }
}
