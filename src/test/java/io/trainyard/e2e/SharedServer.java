package io.trainyard.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests that do not interfere with it a server with default settings. */
final class SharedServer implements ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(SharedServer.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Api.class;
  }

  /** The store closes the server at the end of the test run. */
  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    ServerProcess server =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .computeIfAbsent("server", key -> start(), ServerProcess.class);
    return new Api(server.url());
  }

  private static ServerProcess start() {
    try {
      Path home = Files.createTempDirectory(Path.of("target"), "shared-server");
      return ServerProcess.start(home.toAbsolutePath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
