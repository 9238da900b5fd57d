package io.trainyard.datasets.web;

import io.trainyard.datasets.Dataset;
import io.trainyard.datasets.Datasets;
import io.trainyard.datasets.FileSpec;
import io.trainyard.datasets.Histograms;
import io.trainyard.datasets.SyntheticDocument;
import io.trainyard.shared.Digests;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Page;
import io.trainyard.shared.Problem;
import io.trainyard.shared.web.Idempotency;
import io.trainyard.shared.web.PageLimit;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Uploads, descriptions and deletion of datasets. */
@RestController
@RequestMapping("/v1/datasets")
class DatasetsController {
  private static final int MAX_DOCUMENT_BYTES = 1 << 20;
  private static final String ROUTE = "POST /v1/datasets";

  private final Datasets datasets;
  private final Idempotency idempotency;

  DatasetsController(Datasets datasets, Idempotency idempotency) {
    this.datasets = datasets;
    this.idempotency = idempotency;
  }

  /**
   * Takes the parts {@code spec} and {@code file}, for IDX also {@code labels}. They are asked of
   * the servlet, not bound by Spring, because a form's plain field is a spec as good as a part with
   * a JSON content type.
   */
  @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
  ResponseEntity<?> upload(
      @RequestHeader(name = Idempotency.HEADER, required = false) @Nullable String key,
      HttpServletRequest request)
      throws IOException, ServletException {
    byte[] document;
    try (InputStream in = part(request, "spec").getInputStream()) {
      document = readDocument(in);
    }
    part(request, "file");
    Errors errors = new Errors();
    FileSpec spec = present(FileSpec.read(Json.read(document), "", errors), errors);
    List<Part> files = new ArrayList<>();
    for (String name : spec.parts()) {
      files.add(part(request, name));
    }
    return idempotency.once(
        ROUTE,
        key,
        key == null ? document : withDigest(document, files),
        () -> {
          try (InputStream in = oneAfterTheOther(files)) {
            return created(datasets.create(spec, in));
          }
        });
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<?> describe(
      @RequestHeader(name = Idempotency.HEADER, required = false) @Nullable String key,
      @RequestBody(required = false) byte @Nullable [] body)
      throws IOException {
    byte[] bytes = Json.orEmpty(body);
    Errors errors = new Errors();
    SyntheticDocument document =
        present(SyntheticDocument.read(Json.read(bytes), "", errors), errors);
    return idempotency.once(ROUTE, key, bytes, () -> created(datasets.createSynthetic(document)));
  }

  @GetMapping
  Page<DatasetView> list(
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String after) {
    return datasets.list(PageLimit.parse(limit), after).map(DatasetView::brief);
  }

  @GetMapping("/{id}")
  DatasetView get(@PathVariable String id) {
    return DatasetView.whole(datasets.get(id));
  }

  @GetMapping("/{id}/histograms")
  Histograms histograms(@PathVariable String id) throws IOException {
    return datasets.histograms(id);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String id) throws IOException {
    datasets.delete(id);
  }

  private static ResponseEntity<DatasetView> created(Dataset dataset) {
    return ResponseEntity.created(URI.create("/v1/datasets/" + dataset.id()))
        .body(DatasetView.whole(dataset));
  }

  private static InputStream oneAfterTheOther(List<Part> files) throws IOException {
    InputStream all = InputStream.nullInputStream();
    for (Part file : files) {
      all = new SequenceInputStream(all, file.getInputStream());
    }
    return all;
  }

  /** What must be the same for the same key: the spec and, by its digest, the file. */
  private static byte[] withDigest(byte[] document, List<Part> files) throws IOException {
    MessageDigest digest = Digests.sha256();
    digest.update(document);
    try (InputStream in = new DigestInputStream(oneAfterTheOther(files), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return digest.digest();
  }

  private static Part part(HttpServletRequest request, String name)
      throws IOException, ServletException {
    Part part = request.getPart(name);
    if (part == null) {
      throw new Problem(
          Problem.Kind.MALFORMED,
          "there is no part '"
              + name
              + "': an upload has the parts spec (JSON) and file; of the format idx also labels");
    }
    return part;
  }

  private static byte[] readDocument(InputStream in) throws IOException {
    byte[] document = in.readNBytes(MAX_DOCUMENT_BYTES + 1);
    if (document.length > MAX_DOCUMENT_BYTES) {
      throw new Problem(
          Problem.Kind.TOO_LARGE,
          "the document has more than " + MAX_DOCUMENT_BYTES + " bytes, the most that is read");
    }
    return document;
  }

  private static <T> T present(@Nullable T read, Errors errors) {
    errors.throwIfAny();
    if (read == null) {
      throw new IllegalStateException("a document that is not read has errors");
    }
    return read;
  }
}
