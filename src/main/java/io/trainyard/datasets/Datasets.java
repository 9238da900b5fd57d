package io.trainyard.datasets;

import io.trainyard.access.Caller;
import io.trainyard.access.CurrentCaller;
import io.trainyard.shared.Ids;
import io.trainyard.shared.Json;
import io.trainyard.shared.Page;
import io.trainyard.shared.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The datasets that the service keeps: a table of descriptions and a directory of files. Names are
 * those of the caller's owner; what a caller does not see is not there.
 */
public final class Datasets {
  private static final String ID = "ds";

  private final DatasetRepository repository;
  private final DatasetFiles files;
  private final Iterable<DatasetUse> uses;
  private final Ids ids;
  private final Clock clock;
  private final DatasetBounds bounds;
  private final CurrentCaller caller;

  /**
   * @param home the directory below which files are kept
   * @param uses gone through at each deletion, not before: those that use datasets may themselves
   *     be made of this object
   */
  public Datasets(
      JdbcClient jdbc,
      Path home,
      Iterable<DatasetUse> uses,
      Ids ids,
      Clock clock,
      DatasetBounds bounds,
      CurrentCaller caller) {
    this.repository = new DatasetRepository(jdbc);
    this.files = new DatasetFiles(home);
    this.uses = uses;
    this.ids = ids;
    this.clock = clock;
    this.bounds = bounds;
    this.caller = caller;
  }

  /**
   * Takes in a file. Whatever goes wrong, nothing of it stays.
   *
   * @param file read to its end, not closed
   * @throws Problem of kind INVALID if file and spec do not make a dataset; CONFLICT if the name is
   *     taken
   * @throws IOException if the stream breaks off or the disk fails
   */
  public Dataset create(FileSpec spec, InputStream file) throws IOException {
    refuseTaken(spec.name());
    String id = ids.next(ID);
    DatasetFiles.Upload upload = files.receive(id, file);
    boolean kept = false;
    try {
      DatasetDescriptor descriptor = spec.describe(upload.part(), bounds);
      files.keep(upload);
      Dataset dataset =
          new Dataset(
              id,
              caller.get().owner(),
              spec.name(),
              descriptor,
              upload.bytes(),
              upload.sha256(),
              now());
      insert(dataset);
      kept = true;
      return dataset;
    } finally {
      if (!kept) {
        files.discard(upload);
      }
    }
  }

  /**
   * Keeps the description of a synthetic dataset.
   *
   * @throws Problem of kind CONFLICT if the name is taken, INVALID if it has too many rows
   */
  public Dataset createSynthetic(SyntheticDocument document) {
    if (document.spec().samples() > bounds.rows()) {
      throw Problem.invalid("/samples", DatasetBounds.beyond("rows", bounds.rows(), "rows"));
    }
    SyntheticDescriptor descriptor = new SyntheticDescriptor(document.spec());
    Dataset dataset =
        new Dataset(
            ids.next(ID), caller.get().owner(), document.name(), descriptor, null, null, now());
    insert(dataset);
    return dataset;
  }

  public Optional<Dataset> find(String idOrName) {
    Caller asking = caller.get();
    return idOrName.startsWith(ID + "_")
        ? repository.findById(idOrName).filter(dataset -> asking.sees(dataset.owner()))
        : repository.findByName(asking.owner(), idOrName);
  }

  /**
   * The dataset that a job was made with, whoever asks.
   *
   * @param id from the job, which was looked up or runs
   */
  public Optional<Dataset> ofJob(String id) {
    return repository.findById(id);
  }

  /**
   * Like {@link #find}.
   *
   * @throws Problem of kind NOT_FOUND
   */
  public Dataset get(String idOrName) {
    return find(idOrName).orElseThrow(() -> Problem.notFound("dataset", idOrName));
  }

  /**
   * A page of datasets, the newest first.
   *
   * @param after the cursor that the page before gave, or null
   */
  public Page<Dataset> list(int limit, @Nullable String after) {
    Caller asking = caller.get();
    String owner = asking.seesAll() ? null : asking.owner();
    return Page.of(repository.list(owner, limit + 1, after), limit, Dataset::id);
  }

  /**
   * Forgets a dataset and deletes its file.
   *
   * @throws Problem of kind NOT_FOUND, or CONFLICT while something needs the dataset
   */
  public void delete(String idOrName) throws IOException {
    Dataset dataset = get(idOrName);
    for (DatasetUse use : uses) {
      use.neededBy(dataset)
          .ifPresent(
              user -> {
                throw inUse(dataset, user);
              });
    }
    try {
      // The row goes first: a file without one is only a waste, a row without a file a trap.
      repository.delete(dataset.id());
    } catch (DataIntegrityViolationException e) {
      throw inUse(dataset, "a job that came just now");
    }
    files.delete(dataset.id());
  }

  /**
   * The file of a dataset as it was uploaded.
   *
   * @throws Problem of kind CONFLICT if it has no file
   */
  public InputStream open(Dataset dataset) throws IOException {
    if (dataset.descriptor().file() == null) {
      throw Problem.conflict("dataset '" + label(dataset) + "' is synthetic: it has no file");
    }
    return files.open(dataset.id());
  }

  /**
   * How the cells of a dataset's columns are distributed.
   *
   * @throws Problem of kind NOT_FOUND if there is no such dataset, CONFLICT if it has no columns
   */
  public Histograms histograms(String idOrName) throws IOException {
    Dataset dataset = get(idOrName);
    if (dataset.descriptor() instanceof CsvDescriptor csv) {
      return Histograms.of(files.open(dataset.id()), csv);
    }
    throw Problem.conflict("dataset '" + label(dataset) + "' has no columns");
  }

  private void insert(Dataset dataset) {
    if (Json.write(dataset.descriptor()).length() > Limits.DESCRIPTOR_LENGTH) {
      throw FileRefusal.of(
          "the file has too many columns and classes: their description is longer than "
              + Limits.DESCRIPTOR_LENGTH
              + " characters");
    }
    try {
      repository.insert(dataset);
    } catch (DuplicateKeyException e) {
      throw taken(String.valueOf(dataset.name()));
    }
  }

  /** Spares the client the upload; the database has the last word. */
  private void refuseTaken(String name) {
    if (repository.findByName(caller.get().owner(), name).isPresent()) {
      throw taken(name);
    }
  }

  private static Problem taken(String name) {
    return Problem.conflict(
        "there is a dataset named '" + name + "' already: delete it or choose another name");
  }

  private static Problem inUse(Dataset dataset, String user) {
    return Problem.conflict("dataset '" + label(dataset) + "' is needed by " + user);
  }

  private static String label(Dataset dataset) {
    return dataset.name() == null ? dataset.id() : dataset.name();
  }

  /** As fine as both databases keep it. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
