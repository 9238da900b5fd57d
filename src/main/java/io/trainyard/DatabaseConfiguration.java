package io.trainyard;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** PostgreSQL where one is named, else H2 in the home directory. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {
  private static final String POSTGRES = "jdbc:postgresql:";

  /**
   * A server that is stopped in mid-transaction, by a signal or with its machine, must not keep its
   * locks for long: others have to take its jobs. And nobody waits for a lock for ever.
   */
  private static final String SESSION =
      "set idle_in_transaction_session_timeout = '10s'; set lock_timeout = '10s'";

  private record Details(String url, @Nullable String username, @Nullable String password)
      implements JdbcConnectionDetails {
    @Override
    public String getJdbcUrl() {
      return url;
    }

    @Override
    public @Nullable String getUsername() {
      return username;
    }

    @Override
    public @Nullable String getPassword() {
      return password;
    }
  }

  /** Unless Spring's own properties name one. */
  @Bean
  @Conditional(NoDatabaseNamed.class)
  JdbcConnectionDetails database(
      @Value("${trainyard.home}") Path home,
      @Value("${trainyard.database.url}") String url,
      @Value("${trainyard.database.username}") String username,
      @Value("${trainyard.database.password}") String password) {
    if (!url.isEmpty()) {
      // What is not given may stand in the URL.
      return new Details(
          url, username.isEmpty() ? null : username, password.isEmpty() ? null : password);
    }
    Path file = home.toAbsolutePath().normalize().resolve("db").resolve("trainyard");
    // WRITE_DELAY=0: a commit is with the operating system before it is answered, so that killing
    // the server loses nothing. QUERY_CACHE_SIZE: of 8 parsed statements a session forgets each
    // before
    // it comes again.
    String settings = ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;QUERY_CACHE_SIZE=64";
    return new Details("jdbc:h2:file:" + file + settings, "sa", "");
  }

  @Bean
  static BeanPostProcessor postgresSessions() {
    return new BeanPostProcessor() {
      @Override
      public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof HikariDataSource pool
            && pool.getJdbcUrl() != null
            && pool.getJdbcUrl().startsWith(POSTGRES)
            && pool.getConnectionInitSql() == null) {
          pool.setConnectionInitSql(SESSION);
        }
        return bean;
      }
    };
  }

  /** Spring's own condition on a property takes every value but "false" for an empty one. */
  static final class NoDatabaseNamed implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      return !StringUtils.hasText(context.getEnvironment().getProperty("spring.datasource.url"));
    }
  }
}
