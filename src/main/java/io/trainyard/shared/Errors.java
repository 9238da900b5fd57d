package io.trainyard.shared;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a document, so that a client learns all of it at once. */
public final class Errors {
  private static final int SHOWN = 50;

  private final List<Problem.Place> places = new ArrayList<>();

  /** Also of those that are not shown: readers see by it whether there were any. */
  private int count;

  public void add(String pointer, String detail) {
    count++;
    if (places.size() < SHOWN) {
      places.add(new Problem.Place(pointer, detail));
    }
  }

  public boolean isEmpty() {
    return places.isEmpty();
  }

  public int size() {
    return count;
  }

  /**
   * Ends the reading.
   *
   * @throws Problem of kind INVALID if anything was added
   */
  public void throwIfAny() {
    if (!places.isEmpty()) {
      Problem.Place first = places.get(0);
      String more = count == 1 ? "" : " (and " + (count - 1) + " more)";
      String where = first.pointer().isEmpty() ? "" : first.pointer() + ": ";
      throw new Problem(Problem.Kind.INVALID, where + first.detail() + more, places);
    }
  }
}
