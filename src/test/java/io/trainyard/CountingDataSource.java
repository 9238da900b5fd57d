package io.trainyard;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Counts what is asked of a database, and on H2 the rows that queries look at. */
public final class CountingDataSource extends DelegatingDataSource {
  private static final Pattern SCANNED = Pattern.compile("scanCount: (\\d+)");

  private final ConcurrentLinkedQueue<String> statements = new ConcurrentLinkedQueue<>();
  private final AtomicInteger commits = new AtomicInteger();
  private final ConcurrentLinkedQueue<Scan> scans = new ConcurrentLinkedQueue<>();
  private volatile boolean explaining;

  public CountingDataSource(DataSource counted) {
    super(counted);
  }

  /** Forgets what was counted so far. */
  public void reset() {
    statements.clear();
    commits.set(0);
    scans.clear();
  }

  /** From now on queries are explained too, which runs them twice. Of H2 only. */
  public void explain() {
    explaining = true;
  }

  /** What was executed since; a batch is one. */
  public List<String> statements() {
    return List.copyOf(statements);
  }

  public int commits() {
    return commits.get();
  }

  /** Rows and index entries that a query looked at. */
  public record Scan(String sql, long rows) {}

  /** The explained queries. */
  public List<Scan> scans() {
    return List.copyOf(scans);
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = super.getConnection();
    return proxy(
        Connection.class,
        connection,
        (method, args) -> {
          Object result = method.invoke(connection, args);
          if (method.getName().equals("commit")) {
            commits.incrementAndGet();
          }
          return result instanceof PreparedStatement prepared && args != null
              ? counted(connection, prepared, (String) args[0])
              : result;
        });
  }

  private PreparedStatement counted(Connection connection, PreparedStatement counted, String sql) {
    Map<Integer, Object> params = new TreeMap<>();
    return proxy(
        PreparedStatement.class,
        counted,
        (method, args) -> {
          String name = method.getName();
          if (name.startsWith("set") && args != null && args[0] instanceof Integer index) {
            params.put(index, args[1]);
          } else if (name.startsWith("execute")) {
            statements.add(sql.strip());
            if (explaining && name.equals("executeQuery")) {
              scans.add(new Scan(sql, scanned(connection, sql, params)));
            }
          }
          return method.invoke(counted, args);
        });
  }

  private static long scanned(Connection connection, String sql, Map<Integer, Object> params)
      throws SQLException {
    long scanned = 0;
    try (PreparedStatement explain = connection.prepareStatement("explain analyze " + sql)) {
      for (Map.Entry<Integer, Object> param : params.entrySet()) {
        explain.setObject(param.getKey(), param.getValue());
      }
      try (ResultSet plan = explain.executeQuery()) {
        while (plan.next()) {
          Matcher counts = SCANNED.matcher(plan.getString(1));
          while (counts.find()) {
            scanned += Long.parseLong(counts.group(1));
          }
        }
      }
    }
    return scanned;
  }

  private interface Call {
    @Nullable Object on(Method method, Object @Nullable [] args)
        throws InvocationTargetException, IllegalAccessException, SQLException;
  }

  private static <T> T proxy(Class<T> type, T target, Call call) {
    InvocationHandler handler =
        (self, method, args) -> {
          try {
            return call.on(method, args);
          } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
          }
        };
    return type.cast(
        Proxy.newProxyInstance(target.getClass().getClassLoader(), new Class<?>[] {type}, handler));
  }
}
