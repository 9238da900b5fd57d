package io.trainyard.expressions;

import java.util.List;

/** {@code x[0]}, {@code x[:, 1:3]}, {@code x[..., None]}: selects, slices and new dimensions. */
final class Subscript {
  private Subscript() {}

  enum Form {
    INDEX,
    SLICE,
    REST
  }

  /**
   * What stands between commas.
   *
   * @param bounds the index; or start, end and step of a slice, as far as they are written
   */
  record Item(int column, Form form, List<Term> bounds) {}

  static Term of(int column, Term term, List<Item> items) throws ExpressionException {
    if (term.kind() == Term.Kind.PAIR || term.kind() == Term.Kind.INTS) {
      return element(column, term, items);
    }
    if (term.kind() != Term.Kind.TENSOR) {
      throw new ExpressionException(
          column, "expected a tensor before '[', got " + term.kind().words());
    }
    int rest = items.stream().map(Item::form).toList().indexOf(Form.REST);
    Term result = term;
    int dim = 0;
    for (Item item : rest < 0 ? items : items.subList(0, rest)) {
      result = apply(result, item, dim);
      dim += keeps(item) ? 1 : 0;
    }
    if (rest >= 0) {
      dim = -1;
      for (int i = items.size() - 1; i > rest; i--) {
        result = apply(result, items.get(i), dim);
        dim -= keeps(items.get(i)) ? 1 : 0;
      }
    }
    return result;
  }

  /** Of a pair of tensors, or of a shape. */
  private static Term element(int column, Term term, List<Item> items) throws ExpressionException {
    Item item = items.get(0);
    if (items.size() == 1
        && item.form() == Form.INDEX
        && item.bounds().get(0) instanceof Term.Literal literal
        && literal.value() instanceof Long index) {
      if (term.kind() == Term.Kind.PAIR && (index == 0 || index == 1)) {
        return Properties.pair(column, term, index.intValue());
      }
      if (term instanceof Term.Apply apply && apply.operator().equals(Views.SHAPE)) {
        return Term.Apply.of(
            column, "shape", Views.SIZE, List.of(apply.arguments().get(0), literal));
      }
    }
    throw new ExpressionException(column, "expected one whole number as index here");
  }

  private static boolean keeps(Item item) {
    return item.form() == Form.SLICE || isNone(item.bounds().get(0));
  }

  private static boolean isNone(Term term) {
    return term.kind() == Term.Kind.NONE;
  }

  private static Term apply(Term term, Item item, int dim) throws ExpressionException {
    Term at = new Term.Literal(item.column(), (long) dim);
    if (item.form() == Form.REST) {
      throw new ExpressionException(item.column(), "'...' may stand once in an index");
    }
    if (item.form() == Form.SLICE) {
      return slice(term, item, at);
    }
    Term index = item.bounds().get(0);
    if (isNone(index)) {
      return Term.Apply.of(item.column(), "None", Views.UNSQUEEZE, List.of(term, at));
    }
    if (index.kind() != Term.Kind.INT) {
      throw new ExpressionException(
          item.column(),
          "an index is a whole number, a slice, None or '...', got %s; masks are for torch.where and masked_fill"
              .formatted(index.kind().words()));
    }
    return Term.Apply.of(item.column(), "index", Parts.SELECT, List.of(term, at, index));
  }

  private static Term slice(Term term, Item item, Term at) throws ExpressionException {
    for (Term bound : item.bounds()) {
      if (!isNone(bound) && bound.kind() != Term.Kind.INT) {
        throw new ExpressionException(
            bound.column(), "a slice needs whole numbers, got " + bound.kind().words());
      }
    }
    List<Term> bounds = item.bounds();
    Term none = Term.Literal.none(item.column());
    Term step = bounds.size() == 3 && !isNone(bounds.get(2)) ? bounds.get(2) : one(item);
    if (bounds.stream().allMatch(Subscript::isNone)) {
      return term;
    }
    return Term.Apply.of(
        item.column(),
        "slice",
        Parts.SLICE,
        List.of(term, at, bounds.get(0), bounds.size() > 1 ? bounds.get(1) : none, step));
  }

  private static Term one(Item item) {
    return new Term.Literal(item.column(), 1L);
  }
}
