package io.trainyard.serving;

import static io.trainyard.shared.Sql.timestamp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the table of deployments does on every database. */
abstract class DeploymentRepositoryContract {
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.123456Z");
  private static final String ME = "local";

  private final JdbcClient jdbc = JdbcClient.create(freshDatabase());
  private final DeploymentRepository repository = new DeploymentRepository(jdbc);

  abstract DataSource freshDatabase();

  @BeforeEach
  void jobs() {
    for (String id : new String[] {"job_1", "job_2"}) {
      jdbc.sql(
              """
              insert into jobs (id, name, document, epochs, seed, priority, created_at, state, attempt,
                crashes, crash_epoch, epoch, progress, best_epoch, last_sequence, queued_at, since_epoch)
              values (?, 'a', '{}', 1, 1, 0, ?, 'succeeded', 1, 0, -1, 1, 1, 1, 1, ?, 0)
              """)
          .params(id, timestamp(NOW), timestamp(NOW))
          .update();
    }
  }

  private static Deployment deployment(String owner, String name, String job, String choice) {
    return new Deployment(
        owner, name, 1, job, new Choice(choice), 7, "deployment-1.safetensors", NOW, NOW);
  }

  @Test
  void keepsADeploymentAsItIs() {
    Deployment best = deployment(ME, "iris", "job_1", "best");
    repository.insert(best);

    assertThat(repository.find(ME, "iris")).contains(best);
    assertThat(repository.lock(ME, "iris")).contains(best);
    assertThat(repository.find("other", "iris")).isEmpty();
    assertThatThrownBy(() -> repository.insert(best)).isInstanceOf(DuplicateKeyException.class);
  }

  @Test
  void anotherModelTakesItsPlace() {
    repository.insert(deployment(ME, "iris", "job_1", "12"));
    repository.insert(deployment("other", "iris", "job_1", "12"));
    Deployment next =
        new Deployment(
            ME,
            "iris",
            2,
            "job_2",
            Choice.RESULT,
            9,
            "deployment-2.safetensors",
            NOW,
            NOW.plusSeconds(1));
    repository.update(next);

    assertThat(repository.find(ME, "iris")).contains(next);
    assertThat(repository.find("other", "iris").orElseThrow().job()).isEqualTo("job_1");
  }

  @Test
  void aJobIsNeededUntilItsLastDeploymentIsGone() {
    repository.insert(deployment(ME, "b", "job_1", "last"));
    repository.insert(deployment("other", "a", "job_1", "last"));

    assertThat(repository.neededBy("job_1")).contains("deployment 'a'");
    assertThat(repository.neededBy("job_2")).isEmpty();
    assertThatThrownBy(() -> jdbc.sql("delete from jobs where id = 'job_1'").update())
        .isInstanceOf(DataIntegrityViolationException.class);
    assertThat(repository.delete("other", "a")).isTrue();
    assertThat(repository.delete("other", "a")).isFalse();
    assertThat(repository.delete(ME, "b")).isTrue();
    assertThat(repository.neededBy("job_1")).isEmpty();
    assertThat(jdbc.sql("delete from jobs where id = 'job_1'").update()).isEqualTo(1);
  }

  @Test
  void listsAnOwnersByName() {
    for (String name : new String[] {"c", "a", "b"}) {
      repository.insert(deployment(ME, name, "job_1", "last"));
    }
    repository.insert(deployment("other", "ab", "job_1", "last"));

    assertThat(repository.list(ME, 2, null)).extracting(Deployment::name).containsExactly("a", "b");
    assertThat(repository.list(ME, 2, "b")).extracting(Deployment::name).containsExactly("c");
  }
}
