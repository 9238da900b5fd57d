package io.trainyard.datasets;

import java.io.IOException;

/** Takes the arrays of a file as they come. */
interface ArrayTaker {

  /** Reads an array to its end. */
  void take(ArrayReader array) throws IOException;
}
