package io.trainyard.jobs;

import io.trainyard.shared.Page;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Finds pages of jobs in the indexes alone. Each order starts with what an equality has fixed and
 * is descending throughout, so that H2 reads the index backwards instead of sorting, too.
 */
@Repository
class JobListing {
  /** Conditions with fewer jobs than this are told apart by how many they have. */
  private static final int FEW = 2000;

  /** How many jobs a page looks at for those of a name. */
  static final int SEARCHED = 5000;

  private static final Condition ALL = new Condition("jobs", "id", "true", "", Map.of());

  private final JdbcClient jdbc;

  JobListing(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * What a job must be.
   *
   * @param key the column of the job's id
   * @param where with %1$s for the table's alias
   */
  private record Condition(
      String table, String key, String where, String order, Map<String, Object> params) {

    String on(String alias) {
      return where.formatted(alias);
    }

    String holdsForThatOf(Condition driver) {
      return "exists (select 1 from %s c where c.%s = d.%s and %s)"
          .formatted(table, key, driver.key, on("c"));
    }
  }

  /** A statement with its parameters, but for the limit. */
  private record Query(String sql, Map<String, Object> params) {}

  /**
   * The ids of the jobs, newest first.
   *
   * @param owner whose; null for everybody's
   */
  List<String> ids(JobFilter filter, @Nullable String owner, int limit) {
    Query query = query(filter, owner);
    return jdbc.sql(query.sql)
        .params(query.params)
        .param("limit", limit)
        .query(String.class)
        .list();
  }

  /**
   * The ids of the jobs whose names contain a text. No index helps to find them, so a page looks at
   * no more than {@link #SEARCHED} jobs, and may be empty with more to come.
   *
   * @param owner whose; null for everybody's
   */
  Page<String> named(JobFilter filter, @Nullable String owner, String text, int limit) {
    Query query = query(filter, owner);
    String pattern = text.toLowerCase(Locale.ROOT).replaceAll("[%_!]", "!$0");
    List<String> found =
        jdbc.sql(
                """
                select j.id from (%s) w join jobs j on j.id = w.id
                where lower(j.name) like :pattern escape '!'
                order by j.id desc fetch first :found rows only
                """
                    .formatted(query.sql))
            .params(query.params)
            .param("limit", SEARCHED)
            .param("pattern", "%" + pattern + "%")
            .param("found", limit + 1)
            .query(String.class)
            .list();
    if (found.size() > limit) {
      return Page.of(found, limit, id -> id);
    }
    String last = lastSearched(query);
    return new Page<>(found, last != null, last);
  }

  /** The last job that a search looks at; null if there are no more. */
  private @Nullable String lastSearched(Query query) {
    return jdbc.sql("select min(w.id) from (%s) w having count(*) = :limit".formatted(query.sql))
        .params(query.params)
        .param("limit", SEARCHED)
        .query(String.class)
        .optional()
        .orElse(null);
  }

  private Query query(JobFilter filter, @Nullable String owner) {
    List<Condition> conditions = conditions(filter, owner);
    Condition driver = rarest(conditions);
    StringBuilder sql = new StringBuilder("select d.").append(driver.key).append(" as id");
    sql.append(" from ").append(driver.table).append(" d where ").append(driver.on("d"));
    Map<String, Object> params = new HashMap<>();
    for (Condition condition : conditions) {
      params.putAll(condition.params);
      if (!condition.equals(driver)) {
        sql.append(" and ").append(condition.holdsForThatOf(driver));
      }
    }
    if (filter.after() != null) {
      sql.append(" and d.").append(driver.key).append(" < :after");
      params.put("after", filter.after());
    }
    sql.append(" order by ").append(driver.order);
    sql.append("d.").append(driver.key).append(" desc fetch first :limit rows only");
    return new Query(sql.toString(), params);
  }

  private static List<Condition> conditions(JobFilter filter, @Nullable String owner) {
    List<Condition> conditions = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    Map<String, Object> values = new HashMap<>();
    if (owner != null) {
      columns.add("owner");
      values.put("owner", owner);
    }
    if (filter.state() != null) {
      columns.add("state");
      values.put("state", filter.state().word());
    }
    if (!columns.isEmpty()) {
      // One condition, as there is an index with both.
      String where =
          columns.stream()
              .map(column -> "%1$s." + column + " = :" + column)
              .collect(Collectors.joining(" and "));
      String order =
          columns.stream().map(column -> "d." + column + " desc, ").collect(Collectors.joining());
      conditions.add(new Condition("jobs", "id", where, order, values));
    }
    filter
        .tags()
        .forEach(
            (name, content) -> {
              int n = conditions.size();
              conditions.add(
                  new Condition(
                      "job_tags",
                      "job_id",
                      "%%1$s.name = :name%1$d and %%1$s.content = :content%1$d".formatted(n),
                      "d.name desc, d.content desc, ",
                      Map.of("name" + n, name, "content" + n, content)));
            });
    return conditions;
  }

  /** The condition to go along, so that few jobs are looked at in vain. */
  private Condition rarest(List<Condition> conditions) {
    return switch (conditions.size()) {
      case 0 -> ALL;
      case 1 -> conditions.get(0);
      default -> conditions.stream().min(Comparator.comparing(this::countOfFew)).orElseThrow();
    };
  }

  private int countOfFew(Condition condition) {
    return jdbc.sql(
            "select count(*) from (select 1 from %s d where %s fetch first %d rows only) few"
                .formatted(condition.table, condition.on("d"), FEW))
        .params(condition.params)
        .query(Integer.class)
        .single();
  }
}
