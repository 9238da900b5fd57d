package io.trainyard.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One server with default settings for all the tests that do not interfere with it. */
final class SharedServer implements ParameterResolver, AutoCloseable {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(SharedServer.class);

  private final ServerProcess server;

  SharedServer() {
    try {
      Path home = Files.createTempDirectory(Path.of("target"), "shared-server").toAbsolutePath();
      server = ServerProcess.start(home);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Api.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Holder holder =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .computeIfAbsent("server", key -> new Holder(new SharedServer()), Holder.class);
    return new Api(holder.shared().server.url());
  }

  /** Closed with the store, at the end of the test run. */
  private record Holder(SharedServer shared) implements AutoCloseable {
    @Override
    public void close() {
      shared.close();
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
