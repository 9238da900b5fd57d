package io.trainyard.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * fabric8's API server in CRUD mode, with what it lacks: the logs of pods, and a record of what was
 * asked of it.
 */
public final class TestCluster implements AutoCloseable {
  public static final String NAMESPACE = "test";

  private static final Pattern LOG = Pattern.compile(".*/pods/([^/]+)/log(\\?.*)?");
  private static final Pattern PATH =
      Pattern.compile(
          "/(?:api|apis/(?<group>[^/]+))/v\\d+/namespaces/[^/]+/(?<resource>[^/?]+)"
              + "(?:/(?<name>[^/?]+))?(?:/(?<sub>[^/?]+))?(?<query>\\?.*)?");

  private final Map<String, Supplier<String>> logs = new ConcurrentHashMap<>();
  private final Set<String> verbs = new ConcurrentSkipListSet<>();
  private final Set<String> unavailable = ConcurrentHashMap.newKeySet();
  private final KubernetesMockServer server;
  private final KubernetesClient client;

  public TestCluster() {
    server =
        new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), new Recorder(), false);
    server.start();
    client = server.createClient(new JdkHttpClientFactory());
  }

  /** For the test itself; the launcher has a client of its own. */
  public KubernetesClient client() {
    return client;
  }

  public String url() {
    return server.url("/");
  }

  /** What a pod has printed, when asked. */
  public void log(String pod, Supplier<String> text) {
    logs.put(pod, text);
  }

  /** What Trainyard has done, as a Role would allow it: {@code batch/jobs:create}. */
  public Set<String> verbs() {
    return verbs;
  }

  /**
   * Requests are answered with 503 until it is taken back.
   *
   * @param what a resource, or as in {@link #verbs()}
   */
  public void unavailable(String what, boolean now) {
    if (now) {
      unavailable.add(what);
    } else {
      unavailable.remove(what);
    }
  }

  @Override
  public void close() {
    client.close();
    server.destroy();
  }

  private final class Recorder extends Dispatcher {
    private final KubernetesCrudDispatcher crud = new KubernetesCrudDispatcher();

    @Override
    public MockResponse dispatch(RecordedRequest request) {
      boolean trainyard = "trainyard".equals(request.getHeader("User-Agent"));
      Matcher path = PATH.matcher(request.getPath());
      if (trainyard && path.matches()) {
        String verb = verb(request.getMethod(), path);
        verbs.add(verb);
        if (unavailable.contains(path.group("resource")) || unavailable.contains(verb)) {
          return new MockResponse().setResponseCode(503);
        }
      }
      Matcher log = LOG.matcher(request.getPath());
      if (log.matches()) {
        Supplier<String> text = logs.get(log.group(1));
        return text == null
            ? new MockResponse().setResponseCode(404)
            : new MockResponse().setResponseCode(200).setBody(text.get());
      }
      return crud.dispatch(request);
    }
  }

  private static String verb(String method, Matcher path) {
    String group = path.group("group") == null ? "" : path.group("group");
    String sub = path.group("sub") == null ? "" : "/" + path.group("sub");
    boolean named = path.group("name") != null;
    boolean watch = path.group("query") != null && path.group("query").contains("watch=true");
    String verb =
        switch (method) {
          case "GET" -> watch ? "watch" : named ? "get" : "list";
          case "POST" -> "create";
          case "PUT" -> "update";
          case "PATCH" -> "patch";
          case "DELETE" -> named ? "delete" : "deletecollection";
          default -> method;
        };
    return group + "/" + path.group("resource") + sub + ":" + verb;
  }
}
