package io.trainyard.datasets.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.trainyard.datasets.ArrayProfile;
import io.trainyard.datasets.ArraysDescriptor;
import io.trainyard.datasets.ColumnProfile;
import io.trainyard.datasets.CsvDescriptor;
import io.trainyard.datasets.Dataset;
import io.trainyard.datasets.DatasetShape;
import io.trainyard.datasets.FileSpec;
import io.trainyard.datasets.Normalization;
import io.trainyard.datasets.SyntheticDescriptor;
import io.trainyard.datasets.SyntheticDocument;
import io.trainyard.datasets.Target;
import io.trainyard.shared.Json;
import io.trainyard.shared.Shape;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A dataset as clients see it; what a kind of dataset or a list does not have is left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DatasetView(
    String id,
    String owner,
    @Nullable String name,
    String kind,
    long rows,
    @Nullable Long bytes,
    @Nullable String sha256,
    Shape inputShape,
    TargetView target,
    @Nullable List<ColumnProfile> columns,
    @Nullable List<ArrayProfile> arrays,
    @Nullable Normalization normalize,
    @Nullable List<List<String>> preview,
    @Nullable JsonNode spec,
    Instant createdAt) {

  private static final int CLASSES_SHOWN = 100;

  /**
   * What is predicted.
   *
   * @param name the column's
   * @param kind "classes", "integers" (classes or a value, as the loss has it) or "values"
   * @param count of the classes
   * @param labels of the classes in the order of their indices, whole where there are few
   * @param shape of values
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record TargetView(
      @Nullable String name,
      String kind,
      @Nullable Integer count,
      @Nullable List<String> labels,
      @Nullable Shape shape) {

    static TargetView of(@Nullable String name, Target target, boolean whole) {
      if (target instanceof Target.Classes classes) {
        List<String> labels = classes.labels().isEmpty() ? null : classes.labels();
        return new TargetView(name, "classes", classes.count(), whole ? labels : null, null);
      }
      if (target instanceof Target.Integers integers) {
        List<String> labels = integers.distinct().stream().map(String::valueOf).toList();
        return new TargetView(name, "integers", labels.size(), whole ? labels : null, null);
      }
      return new TargetView(name, "values", null, null, ((Target.Values) target).shape());
    }
  }

  /** With all that is known. */
  static DatasetView whole(Dataset dataset) {
    return of(dataset, true);
  }

  /** Without what can be long: columns, labels, preview and spec. */
  static DatasetView brief(Dataset dataset) {
    return of(dataset, false);
  }

  private static DatasetView of(Dataset dataset, boolean whole) {
    DatasetShape shape = dataset.descriptor().shape();
    FileSpec file = dataset.descriptor().file();
    CsvDescriptor csv = dataset.descriptor() instanceof CsvDescriptor d ? d : null;
    return new DatasetView(
        dataset.id(),
        dataset.owner(),
        dataset.name(),
        dataset.descriptor().kind(),
        shape.rows(),
        dataset.bytes(),
        dataset.sha256(),
        shape.input(),
        TargetView.of(csv == null ? null : csv.spec().target(), shape.target(), whole),
        csv != null && whole ? columns(csv) : null,
        dataset.descriptor() instanceof ArraysDescriptor arrays && whole
            ? List.of(arrays.profile().x(), arrays.profile().y())
            : null,
        file == null ? null : file.normalize(),
        csv != null && whole ? csv.profile().preview() : null,
        whole ? spec(dataset, file) : null,
        dataset.createdAt());
  }

  private static @Nullable JsonNode spec(Dataset dataset, @Nullable FileSpec file) {
    if (file != null) {
      return Json.tree(file);
    }
    return dataset.descriptor() instanceof SyntheticDescriptor synthetic
        ? new SyntheticDocument(dataset.name(), synthetic.spec()).write()
        : null;
  }

  private static List<ColumnProfile> columns(CsvDescriptor csv) {
    return csv.profile().columns().stream().map(DatasetView::shorten).toList();
  }

  private static ColumnProfile shorten(ColumnProfile column) {
    List<String> classes = column.classes();
    return classes == null || classes.size() <= CLASSES_SHOWN
        ? column
        : new ColumnProfile(
            column.name(),
            column.kind(),
            column.role(),
            column.width(),
            column.min(),
            column.max(),
            column.mean(),
            column.distinct(),
            classes.subList(0, CLASSES_SHOWN));
  }
}
