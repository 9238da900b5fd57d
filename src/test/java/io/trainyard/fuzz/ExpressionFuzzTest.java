package io.trainyard.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.trainyard.Torch;
import io.trainyard.expressions.DType;
import io.trainyard.expressions.Expression;
import io.trainyard.expressions.ExpressionException;
import io.trainyard.expressions.RandomExpressions;
import io.trainyard.expressions.RandomExpressions.Typed;
import io.trainyard.expressions.TensorType;
import io.trainyard.training.Calculations;
import io.trainyard.training.Calculations.Input;
import io.trainyard.training.Calculations.Question;
import io.trainyard.training.TensorData;
import io.trainyard.training.djl.DjlCalculations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** Any text is an expression or is refused at a place in it; an expression means what it says. */
@AddLifecycleHook(Tries.class)
class ExpressionFuzzTest {
  private static final Duration BOUND = Duration.ofSeconds(5);

  private static final Map<String, TensorType> SCOPE = new LinkedHashMap<>();

  static {
    SCOPE.put("a", TensorType.of(DType.FLOAT32, 3, 4));
    SCOPE.put("b", TensorType.of(DType.FLOAT32, 4));
    SCOPE.put("c", TensorType.of(DType.FLOAT32));
    SCOPE.put("d", TensorType.of(DType.FLOAT32, 2, 3, 4));
    SCOPE.put("e", TensorType.of(DType.FLOAT64, 4, 3));
    SCOPE.put("i", TensorType.of(DType.INT64, 3));
    SCOPE.put("m", TensorType.of(DType.BOOL, 3, 4));
  }

  private static final Map<String, TensorType> BATCH =
      Map.of(
          "x", TensorType.of(DType.FLOAT32, TensorType.BATCH, 4),
          "y", TensorType.of(DType.INT64, TensorType.BATCH),
          "w", TensorType.of(DType.FLOAT32, 4, 4));

  /** Pieces of the language, in any order. */
  @Provide
  Arbitrary<String> soup() {
    List<String> pieces = new ArrayList<>(RandomExpressions.operators());
    pieces.addAll(SCOPE.keySet());
    pieces.addAll(
        List.of("torch", "F", "nn", "math", "functional", "pi", "inf", "True", "None", "values"));
    pieces.addAll(List.of("dim", "axis", "keepdim", "lambda", "if", "and", "not", "import"));
    pieces.addAll(
        List.of(
            "0", "1", "-1", "2.5", ".5", "1e308", "9223372036854775807", "1e-400", "00", "1_0"));
    Arbitrary<String> symbols =
        Arbitraries.of(
            "(", ")", "[", "]", ",", ".", "=", ":", "...", "**", "*", "+", "-", "/", "@", "~", "&",
            "<", "==", "'mean'", "\"", "'", " ", "\n", "#", ";", "\\", "ä", "\u0000", "\ud83d",
            "💥");
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(1, Arbitraries.of(pieces)), net.jqwik.api.Tuple.of(1, symbols))
        .list()
        .ofMaxSize(40)
        .map(list -> String.join("", list));
  }

  @Property(tries = 1000)
  void anySoupIsReadOrRefusedAtAPlace(@ForAll("soup") String text) {
    readOrRefused(text);
  }

  @Property(tries = 200)
  void anyTextIsReadOrRefusedAtAPlace(@ForAll String text) {
    readOrRefused(text);
  }

  @Provide
  Arbitrary<String> nested() {
    Arbitrary<String> pair =
        Arbitraries.of(
            "(|)",
            "[|]",
            "torch.cat([|])",
            "-|",
            "~|",
            "a**|",
            "a[|]",
            "a.view(|)",
            "[a, |]",
            "torch.exp(|)",
            "F.softsign(|)",
            "|.relu()",
            "|.T",
            "|.exp()",
            "a+(|)",
            "|[0]",
            "a.sum(dim=|)",
            "|**2",
            "[|, 1]");
    return Combinators.combine(
            pair.list().ofMinSize(1).ofMaxSize(3), Arbitraries.integers().between(1, 300))
        .as(
            (pairs, times) -> {
              String text = "a";
              for (int i = 0; i < times; i++) {
                text = pairs.get(i % pairs.size()).replace("|", text);
              }
              return text.length() > 12_000 ? text.substring(0, 12_000) : text;
            });
  }

  @Property(tries = 200)
  void deepNestingIsReadOrRefusedInTime(@ForAll("nested") String text) {
    readOrRefused(text);
  }

  @Provide
  Arbitrary<String> mutated() {
    Arbitrary<String> valid =
        Arbitraries.randomValue(random -> new RandomExpressions(random, SCOPE).next(6).text());
    return Combinators.combine(valid, Arbitraries.randoms(), Arbitraries.integers().between(1, 4))
        .as(ExpressionFuzzTest::mutate);
  }

  private static String mutate(String text, Random random, int times) {
    String result = text;
    for (int i = 0; i < times && !result.isEmpty(); i++) {
      int from = random.nextInt(result.length());
      int to = Math.min(result.length(), from + 1 + random.nextInt(4));
      String before = result.substring(0, from);
      String after = result.substring(to);
      result =
          switch (random.nextInt(4)) {
            case 0 -> before + after;
            case 1 -> before + result.substring(from, to).repeat(2) + after;
            case 2 -> before + (char) (32 + random.nextInt(95)) + after;
            default -> after + before;
          };
    }
    return result;
  }

  @Property(tries = 500)
  void aMutatedExpressionIsReadOrRefusedAtAPlace(@ForAll("mutated") String text) {
    readOrRefused(text);
  }

  private static void readOrRefused(String text) {
    assertTimeoutPreemptively(
        BOUND,
        () -> {
          try {
            Expression expression = Expression.parse(text, SCOPE.keySet());
            expression.type(SCOPE);
            expression.script(name -> name);
            expression.python(name -> name);
          } catch (ExpressionException e) {
            // One behind the text is its end.
            assertThat(e.column()).as(e.getMessage()).isBetween(1, text.length() + 1);
            assertThat(e.detail()).isNotBlank();
          }
        },
        text);
  }

  @Provide
  Arbitrary<Typed> typed() {
    return Arbitraries.randomValue(
        random -> new RandomExpressions(random, SCOPE).next(1 + random.nextInt(6)));
  }

  /** What torch refuses for the numbers, which no check of shapes can see. */
  private static final List<String> VALUES =
      List.of(
          "out of range",
          "out of bounds",
          "exceeds dimension size",
          "Class values",
          "should be between 0 and 1",
          "view size is not compatible");

  @Property(tries = 400)
  void theEngineGivesTheShapeThatWasInferred(@ForAll("typed") Typed typed) throws Exception {
    Map<String, Input> tensors = new LinkedHashMap<>();
    SCOPE.forEach((name, type) -> tensors.put(name, new Input(numbers(type), false)));
    try {
      TensorData value =
          Engine.CALCULATIONS.gradients(new Question(typed.text(), tensors, null)).value();
      assertThat(value.type()).as(typed.text()).isEqualTo(typed.type());
    } catch (Calculations.Refused e) {
      assertThat(VALUES).as(typed + ": " + e.reason()).anyMatch(e.reason()::contains);
    }
  }

  /** Loads PyTorch when it is needed. */
  private static final class Engine {
    static final DjlCalculations CALCULATIONS = new DjlCalculations(1);
  }

  private static TensorData numbers(TensorType type) {
    TensorData data = TensorData.allocate(type.dtype(), type.sizes());
    Random random = new Random(4);
    for (int i = 0; i < data.elements(); i++) {
      switch (type.dtype()) {
        case BOOL -> data.set(i, random.nextBoolean());
        case INT64 -> data.set(i, (long) random.nextInt(3));
        case FLOAT32, FLOAT64 -> data.set(i, random.nextGaussian());
      }
    }
    return data;
  }

  /** What holds for a batch of any size gives the same for two of them, but for the batch. */
  @Property(tries = 200)
  void aBatchOfAnySizeFits(@ForAll Random random) throws Exception {
    Typed typed = new RandomExpressions(random, BATCH).next(1 + random.nextInt(5));
    Expression expression = Expression.parse(typed.text(), BATCH.keySet());
    for (long rows : new long[] {3, 7}) {
      Map<String, Input> tensors = new LinkedHashMap<>();
      BATCH.forEach(
          (name, type) -> tensors.put(name, new Input(numbers(ofRows(type, rows)), false)));
      try {
        TensorData value =
            Engine.CALCULATIONS.gradients(new Question(expression.text(), tensors, null)).value();
        assertThat(value.type()).as(typed.text()).isEqualTo(ofRows(typed.type(), rows));
      } catch (Calculations.Refused e) {
        assertThat(VALUES).as(typed + ": " + e.reason()).anyMatch(e.reason()::contains);
      }
    }
  }

  private static TensorType ofRows(TensorType type, long rows) {
    return new TensorType(
        type.dtype(), type.sizes().stream().map(s -> s == TensorType.BATCH ? rows : s).toList());
  }

  /** One process reads them all: Python starts slowly. */
  @Property(tries = 1)
  void thePythonOfExpressionsIsPython(@ForAll Random random) throws Exception {
    if (!Files.isExecutable(Path.of("/usr/bin/python3"))) {
      System.out.println("SKIPPED: there is no Python to read expressions with");
      return;
    }
    List<String> lines =
        Stream.generate(() -> new RandomExpressions(random, SCOPE).next(6).text())
            .limit(300L * Integer.getInteger("trainyard.fuzz.factor", 1))
            .map(ExpressionFuzzTest::python)
            .toList();
    Path directory = Files.createTempDirectory("fuzz");
    Path written = Files.write(directory.resolve("lines.txt"), lines);
    Path program =
        Files.writeString(
            directory.resolve("parse.py"),
            "import ast, sys\nfor line in open(sys.argv[1]): ast.parse(line.strip(), mode='eval')\n");
    assertThat(Torch.run(program, written)).isEmpty();
    System.out.printf("fuzz: %d expressions read by Python%n", lines.size());
  }

  private static String python(String text) {
    try {
      return Expression.parse(text, SCOPE.keySet()).python(name -> name);
    } catch (ExpressionException e) {
      throw new IllegalStateException(text, e);
    }
  }
}
