package io.trainyard.datasets;

import io.trainyard.shared.Problem;

/** What is wrong with an uploaded file. */
final class FileRefusal {
  /** The part of a request, besides its document, that a problem can lie in. */
  static final String FILE = "/file";

  private FileRefusal() {}

  /** A problem whose place is the file. */
  static Problem of(String detail) {
    return Problem.invalid(FILE, detail);
  }

  /** Of a file that a training finds different from what was uploaded. */
  static Problem changed(String how) {
    return of("the file is not the one that was profiled: " + how);
  }
}
