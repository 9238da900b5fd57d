package io.trainyard.models.inits;

import io.trainyard.models.Init;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;
import java.util.ArrayList;
import java.util.List;

/** Initialisations that take more than one draw: torch.nn.init's lines as TorchScript. */
final class Operators {
  private static final Argument<Double> MEAN = Limits.real("mean").orElse(0.0);
  private static final Argument<Double> STD = Limits.real("std").above(0).orElse(1.0);
  private static final Argument<Double> FROM = Limits.real("a").orElse(-2.0);
  private static final Argument<Double> TO = Limits.real("b").orElse(2.0);
  private static final Argument<Double> GAIN = Limits.real("gain").orElse(1.0);
  private static final Argument<Integer> GROUPS = Argument.integer("groups").atLeast(1).orElse(1);
  private static final Argument<Double> SPARSITY = Argument.number("sparsity").atLeast(0).atMost(1);
  private static final Argument<Double> SPARSE_STD = Limits.real("std").atLeast(0).orElse(0.01);

  static final Kind<Initializer> EYE = Kind.of("eye", a -> Operators::eye);
  static final Kind<Initializer> DIRAC =
      Kind.of("dirac", a -> shape -> dirac(a.get(GROUPS), shape), GROUPS);
  static final Kind<Initializer> TRUNC_NORMAL =
      Kind.of("trunc_normal", Operators::truncNormal, MEAN, STD, FROM, TO);
  static final Kind<Initializer> ORTHOGONAL =
      Kind.of("orthogonal", a -> shape -> orthogonal(a.get(GAIN), shape), GAIN);
  static final Kind<Initializer> SPARSE =
      Kind.of(
          "sparse",
          a -> shape -> sparse(a.get(SPARSITY), a.get(SPARSE_STD), shape),
          SPARSITY,
          SPARSE_STD);

  private Operators() {}

  private static Init eye(Shape shape) throws ShapeMismatch {
    Limits.ranks("eye", shape, 2, 2);
    return new Init.Statements(
        List.of("torch.zero_(w)", "torch.fill_(torch.diagonal(w, 0, 0, 1), 1.)"));
  }

  /** One in the middle of a kernel, from each input channel to the output channel of its number. */
  private static Init dirac(int groups, Shape shape) throws ShapeMismatch {
    Limits.ranks("dirac", shape, 3, 5);
    if (shape.size(0) % groups != 0) {
      throw new ShapeMismatch(
          GROUPS.name(), "expected a divisor of %d, got %d".formatted(shape.size(0), groups));
    }
    int outputs = shape.size(0) / groups;
    String one = "torch.select(torch.select(w, 0, g * %d + d), 0, d)".formatted(outputs);
    for (int i = 2; i < shape.rank(); i++) {
      one = "torch.select(" + one + ", 0, " + shape.size(i) / 2 + ")";
    }
    return new Init.Statements(
        List.of(
            "torch.zero_(w)",
            "for g in range(" + groups + "):",
            "  for d in range(" + Math.min(outputs, shape.size(1)) + "):",
            "    torch.fill_(" + one + ", 1.)"));
  }

  private static Initializer truncNormal(Arguments a) {
    double mean = a.get(MEAN);
    double std = a.get(STD);
    double from = a.get(FROM);
    double to = a.get(TO);
    Limits.ordered(FROM, TO, a);
    return shape ->
        new Init.Statements(
            List.of(
                "torch.uniform_(w, %s, %s)"
                    .formatted(twiceBelow((from - mean) / std), twiceBelow((to - mean) / std)),
                "torch.erfinv_(w)",
                "torch.mul_(w, " + std * Math.sqrt(2) + ")",
                "torch.add_(w, " + mean + ")",
                "torch.clamp_(w, " + from + ", " + to + ")"));
  }

  /** 2Φ(x) - 1 as torch computes it, rounding by rounding. */
  private static String twiceBelow(double x) {
    return "2. * ((1. + torch.erf(" + x / Math.sqrt(2) + ")) / 2.) - 1.";
  }

  private static Init orthogonal(double gain, Shape shape) throws ShapeMismatch {
    Limits.ranks("orthogonal", shape, 2, Integer.MAX_VALUE);
    int rows = shape.size(0);
    long columns = shape.elements() / rows;
    List<String> lines = new ArrayList<>();
    lines.add("f = torch.view(w, [" + rows + ", " + columns + "])");
    lines.add("torch.normal_(f, 0., 1.)");
    boolean wide = rows < columns;
    lines.add("q, r, = torch.linalg_qr(" + (wide ? "torch.t(f)" : "f") + ")");
    lines.add("q0 = torch.mul(q, torch.sign(torch.diag(r)))");
    lines.add("torch.copy_(f, " + (wide ? "torch.t(q0)" : "q0") + ")");
    lines.add("torch.mul_(w, " + gain + ")");
    return new Init.Statements(lines);
  }

  /** In each column the same count of zeros, at places drawn for it. */
  private static Init sparse(double sparsity, double std, Shape shape) throws ShapeMismatch {
    Limits.ranks("sparse", shape, 2, 2);
    int rows = shape.size(0);
    return new Init.Statements(
        List.of(
            "torch.normal_(w, 0., " + std + ")",
            "for i in range(" + shape.size(1) + "):",
            "  zeros = torch.slice(torch.randperm(%d), 0, 0, %d)"
                .formatted(rows, (int) Math.ceil(sparsity * rows)),
            "  torch.index_fill_(torch.select(w, 1, i), 0, zeros, 0.)"));
  }
}
