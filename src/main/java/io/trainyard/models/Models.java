package io.trainyard.models;

import static io.trainyard.shared.Sql.instant;
import static io.trainyard.shared.Sql.timestamp;
import static java.util.Objects.requireNonNull;

import io.trainyard.access.Caller;
import io.trainyard.access.CurrentCaller;
import io.trainyard.limits.LongTexts;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Ids;
import io.trainyard.shared.Json;
import io.trainyard.shared.Names;
import io.trainyard.shared.Page;
import io.trainyard.shared.Problem;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The stored models. A name posted again is the next version of it. Names are those of the caller's
 * owner; what a caller does not see is not there.
 */
@Service
public class Models {
  private static final Pattern VERSIONED = Pattern.compile("(.+)@(\\d{1,9})");
  private static final Argument<String> OPTIONAL_NAME = Names.ARGUMENT.optional();
  private static final Argument<Boolean> GRADCHECK = Argument.flag("gradcheck").orElse(false);
  private static final RowMapper<Model> MODEL =
      (rs, row) -> {
        JsonNode document = Json.MAPPER.readTree(rs.getString("document"));
        return new Model(
            rs.getString("id"),
            rs.getString("owner"),
            rs.getString("name"),
            rs.getInt("version"),
            document,
            requireNonNull(ModelDefinition.read(document, "", new Errors())),
            rs.getLong("parameters"),
            requireNonNull(instant(rs, "created_at")));
      };

  private final JdbcClient jdbc;
  private final Ids ids;
  private final Clock clock;
  private final Gradcheck gradcheck;
  private final ModelSizes sizes;
  private final CurrentCaller caller;

  Models(
      JdbcClient jdbc,
      Ids ids,
      Clock clock,
      Gradcheck gradcheck,
      ModelSizes sizes,
      CurrentCaller caller) {
    this.jdbc = jdbc;
    this.ids = ids;
    this.clock = clock;
    this.gradcheck = gradcheck;
    this.sizes = sizes;
    this.caller = caller;
  }

  /**
   * Stores {@code {"name": …, "layers": […]}} as the name's next version.
   *
   * @throws Problem of kind INVALID if a layer is wrong or does not fit the one before
   */
  @Transactional
  public Model create(JsonNode posted) {
    Checked checked = check(posted, List.of(Names.ARGUMENT));
    String name = posted.get("name").stringValue();
    String owner = caller.get().owner();
    ObjectNode document = ((ObjectNode) posted).deepCopy();
    document.remove("name");
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Model model =
        new Model(
            ids.next("mdl"),
            owner,
            name,
            newest(owner, name).map(m -> m.version() + 1).orElse(1),
            document,
            checked.definition(),
            checked.summary().parameters(),
            now);
    jdbc.sql(
            """
            insert into models (id, owner, name, version, document, parameters, created_at)
            values (?, ?, ?, ?, ?, ?, ?)
            """)
        .params(
            model.id(),
            owner,
            name,
            model.version(),
            Json.write(document),
            model.parameters(),
            timestamp(now))
        .update();
    return model;
  }

  /**
   * Shapes and sizes of {@code {"layers": […]}}, stored or not. With {@code "gradcheck": true} the
   * layers' own gradients are checked, too.
   *
   * @throws Problem of kind INVALID if a layer is wrong or does not fit the one before; or that the
   *     gradients cannot be checked now
   */
  public ModelSummary validate(JsonNode posted) {
    Checked checked = check(posted, List.of(OPTIONAL_NAME, GRADCHECK));
    if (!checked.members().get(GRADCHECK)) {
      return checked.summary();
    }
    return checked
        .summary()
        .with(ModelGradcheck.run(checked.definition(), checked.summary(), gradcheck));
  }

  /** The model of an id, a name (newest version) or name@version. */
  public Optional<Model> find(String reference) {
    Caller asking = caller.get();
    Matcher versioned = VERSIONED.matcher(reference);
    if (versioned.matches()) {
      return jdbc.sql("select * from models where owner = ? and name = ? and version = ?")
          .params(asking.owner(), versioned.group(1), Integer.parseInt(versioned.group(2)))
          .query(MODEL)
          .optional();
    }
    return ofJob(reference)
        .filter(model -> asking.sees(model.owner()))
        .or(() -> newest(asking.owner(), reference));
  }

  /**
   * The model that a job was made with, whoever asks.
   *
   * @param id from the job, which was looked up or runs
   */
  public Optional<Model> ofJob(String id) {
    return jdbc.sql("select * from models where id = ?").param(id).query(MODEL).optional();
  }

  /** Newest first. */
  public Page<Model> list(int limit, @Nullable String after) {
    Caller asking = caller.get();
    List<Model> rows =
        jdbc.sql(
                """
                select * from models where id < :after %s order by id desc
                fetch first :limit rows only
                """
                    .formatted(asking.seesAll() ? "" : "and owner = :owner"))
            .params(asking.seesAll() ? Map.of() : Map.of("owner", asking.owner()))
            .param("after", after == null ? "~" : after)
            .param("limit", limit + 1)
            .query(MODEL)
            .list();
    return Page.of(rows, limit, Model::id);
  }

  private Optional<Model> newest(String owner, String name) {
    return jdbc.sql(
            """
            select * from models where owner = ? and name = ?
            order by version desc fetch first 1 rows only
            """)
        .params(owner, name)
        .query(MODEL)
        .optional();
  }

  private record Checked(Arguments members, ModelDefinition definition, ModelSummary summary) {}

  private Checked check(JsonNode posted, List<Argument<?>> more) {
    Errors errors = new Errors();
    List<Argument<?>> known = new ArrayList<>(more);
    known.addAll(List.of(ModelDefinition.LAYERS, ModelDefinition.INPUT_SHAPE));
    Arguments members = Arguments.read(posted, "", errors, known);
    if (members == null && posted.path("layers").isArray()) {
      // The name may be wrong, too, but the layers' errors are worth telling at once.
      ObjectNode layers = Json.object();
      layers.set("layers", posted.get("layers"));
      ModelDefinition.read(layers, "", errors);
    }
    ModelDefinition definition = members == null ? null : ModelDefinition.of(members, "", errors);
    ModelSummary summary =
        definition == null ? null : definition.summarize(definition.input(), "", errors);
    if (definition != null && summary != null) {
      sizes.check(definition, summary, posted.path("layers"), "/layers", errors);
      LongTexts.refuseDocument(posted, errors);
    }
    errors.throwIfAny();
    return new Checked(
        requireNonNull(members), requireNonNull(definition), requireNonNull(summary));
  }
}
