package io.trainyard.expressions;

import static io.trainyard.expressions.TensorType.BATCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the language takes, what it makes of it, and how it refuses the rest. */
class ExpressionTest {
  private static final Map<String, TensorType> TYPES =
      Map.of(
          "x", TensorType.of(DType.FLOAT32, BATCH, 3),
          "w", TensorType.of(DType.FLOAT32, 3, 5),
          "b", TensorType.of(DType.FLOAT32, 5),
          "a", TensorType.of(DType.FLOAT32, BATCH, 3, 4),
          "k", TensorType.of(DType.INT64, BATCH),
          "m", TensorType.of(DType.BOOL, BATCH, 3));

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "-x ** 2!torch.neg(torch.pow(x, 2))",
        "2 ** -1 * x!torch.mul(x, 0.5)",
        "2 ** 3 ** 2 * x!torch.mul(x, 512)",
        "1 - x!torch.rsub(x, 1)",
        "x + 1 < 2 * x!torch.lt(torch.add(x, 1, alpha=1), torch.mul(x, 2))",
        "m & (x > 0) | ~m!torch.bitwise_or(torch.bitwise_and(m, torch.gt(x, 0)), torch.bitwise_not(m))",
        "x.clamp(min=0)!torch.clamp(x, 0, None)",
        "x.sum(-1, keepdim=True)!torch.sum(x, [-1], True)",
        "x.amax(()) !torch.amax(x, annotate(List[int], []), False)",
        "x[:, 1:3]!torch.slice(x, 1, 1, 3, 1)",
        "torch.cat((x, x), 1)!torch.cat([x, x], 1)",
        "x.softmax(1).max(1)[0]!(torch.max(torch.softmax(x, 1), 1, False))[0]",
        "F.smooth_l1_loss(x, x, beta=2)!torch.smooth_l1_loss(x, x, 1, float(2))",
        "x.masked_fill(m, -math.inf)!torch.masked_fill(x, m, -inf)",
      })
  void isWrittenAsTorchScript(String text, String script) throws ExpressionException {
    assertThat(parse(text).script(name -> name)).isEqualTo(script);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "x.mm(w)!float32 [N, 5]",
        "x @ w + b!float32 [N, 5]",
        "x.t() @ x!float32 [3, 3]",
        "a.flatten(1)!float32 [N, 12]",
        "a.reshape(-1, 12)!float32 [N, 12]",
        "x.view(x.size(0), 1, -1)!float32 [N, 1, 3]",
        "a.reshape(-1, 4).sum(0)!float32 [4]",
        "(x.size(0) * x).mean()!float32 []",
        "F.one_hot(k, 3) * x!float32 [N, 3]",
        "m + m!bool [N, 3]",
        "F.huber_loss(x, x.double())!float32 []",
        "F.one_hot(k, 3)!int64 [N, 3]",
        "x > 0!bool [N, 3]",
        "k / 2!float32 [N]",
        "x.max(1).indices!int64 [N]",
        "x[:, None] + a.transpose(1, 2)!float32 [N, 4, 3]",
        "torch.stack((x, x), -1)!float32 [N, 3, 2]",
        "x[:, 0]!float32 [N]",
      })
  void shapesHoldForAnyBatch(String text, String type) throws ExpressionException {
    assertThat(parse(text).type(TYPES)).hasToString(type);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "x.mmm(w)!column 3: unknown operator 'mmm'; did you mean 'mm'?",
        "x.frobnicate()!column 3: unknown operator 'frobnicate'",
        "x.add_(1)!column 3: 'add_' writes in place, which no expression does; 'add'?",
        "x + z!column 5: unknown name 'z'; names here are",
        "tanh(x)!column 1: write torch.tanh(…) or x.tanh(…)",
        "x.mm(!column 6: expected a name, a number or '(', got the end",
        "x x!column 3: expected an operator or the end, got 'x'",
        "x = 1!column 3: expected an operator or the end; equality is ==, got '='",
        "0 < x < 1!column 7: comparisons do not chain; write (a < b) & (b < c)",
        "x > 0 and x < 1!column 7: 'and' is not part of the language; masks are combined by &, | and ~",
        "2x!column 2: 'x' follows a number; a product needs a *",
        "x ; x!column 3: unexpected character ';'",
        "x.clamp(mn=0)!column 3: clamp: the arguments fit none of clamp(input, min=None, max=None)",
        "x.softmax()!column 3: softmax: 'dim' is missing; it is softmax(input, dim)",
        "x.softmax('a')!column 3: softmax: 'dim' must be a whole number, got a text; it is softmax(input, dim)",
        "x.softmax(1, 2)!column 3: softmax: too many arguments; it is softmax(input, dim)",
        "1 + 2!column 1: gives a whole number; expected a tensor",
        "x.max(1)!column 3: gives a pair (values, indices); take .values or .indices, or amax",
        "1 / 0 * x!column 3: '/' of these numbers is no number",
        "x.abs!column 3: 'abs' is an operator: write .abs(…)",
        "x.grad!column 3: unknown property 'grad' of a tensor; there are T, shape and data of a tensor, values and indices of a pair",
        "x[m]!column 3: an index is a whole number, a slice, None or '...', got a tensor; masks are for torch.where and masked_fill",
        "__import__('os')!column 1: unknown name '__import__'; names here are",
        "torch.load('a')!column 7: unknown operator 'load'",
        "x.__class__!column 3: unknown property '__class__' of a tensor",
      })
  void wordsAreLookedUpFirst(String text, String message) {
    ExpressionException e = catchThrowableOfType(ExpressionException.class, () -> parse(text));
    assertThat(e).hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "a.mm(w)!column 3: mm: expected 2-D tensors, got [N, 3, 4] and [3, 5]",
        "x.mm(w.t())!column 3: mm: shapes [N, 3] and [5, 3] do not fit",
        "x + b!column 3: '+': shapes [N, 3] and [5] do not broadcast",
        "x.sum(2)!column 3: sum: dimension 2 is out of range, expected -2 to 1",
        "a.reshape(-1, 7)!column 3: reshape: [N, 3, 4] cannot become [-1, 7]",
        "x.reshape(4, -1)!column 3: reshape: [N, 3] cannot become [4, -1]",
        "x[:, 3]!column 6: index: index 3 is out of range for dimension 1 of [N, 3]",
        "1 - m!column 3: '-': a mask cannot be subtracted; ~ inverts it, .float() makes numbers of it",
        "k.mean()!column 3: mean: needs a floating point tensor, got int64",
        "m.mm(w)!column 3: mm: needs tensors of one type, got bool and float32",
        "torch.where(x, x, 0)!column 7: where: the condition must be a mask, got float32",
        "x & x!column 3: '&': needs masks, got float32",
        "a.flatten()!column 3: the result has shape [12*N] for a batch of N rows; a size may be N or not depend on it",
        "F.cross_entropy(x, m)!column 3: cross_entropy: expected int64 classes of shape [N] for [N, 3], got bool [N, 3]",
        "x.mean().size(0)*x!column 10: size: a single number has no sizes",
        "x.expand([])!column 3: expand: [N, 3] does not expand to []",
        "m.argmax(1)!column 3: argmax: is not for masks; .float() makes numbers of one",
        "m ** m!column 3: '**': is not for masks; .float() makes numbers of one",
        "k ** -1!column 3: '**': whole numbers have no negative powers; .float() makes real ones of them",
        "k.add(k, alpha=0.5)!column 3: add: alpha must be a whole number for int64",
        "k.lerp(k, 0.5)!column 3: lerp: needs a floating point tensor, got int64",
        "x.lerp(x.double(), 0.5)!column 3: lerp: needs tensors of one type, got float32 and float64",
        "F.linear(w.t(), w.t(), b.long())!column 3: linear: needs tensors of one type, got float32 and int64",
        "F.l1_loss(x, m)!column 3: l1_loss: a mask cannot be subtracted; .float() makes numbers of it",
        "F.smooth_l1_loss(x, x, beta=-1)!column 3: smooth_l1_loss: beta must be at least 0",
        "F.huber_loss(x, x, delta=0)!column 3: huber_loss: delta must be above 0",
        "F.binary_cross_entropy(b, b, w)!column 3: binary_cross_entropy: a weight of shape [3, 5] does not broadcast to [5]",
        "F.binary_cross_entropy_with_logits(x, x, pos_weight=m)!column 3: binary_cross_entropy_with_logits: pos_weight cannot be a mask",
        "F.cross_entropy(x, x, ignore_index=1)!column 3: cross_entropy: ignore_index has no meaning for probabilities",
        "F.cross_entropy(x, k, label_smoothing=2)!column 3: cross_entropy: label_smoothing must be between 0 and 1",
      })
  void shapesAreCheckedNext(String text, String message) throws ExpressionException {
    Expression expression = parse(text);
    ExpressionException e =
        catchThrowableOfType(ExpressionException.class, () -> expression.type(TYPES));
    assertThat(e).hasMessage(message);
  }

  @Test
  void saysWhatGradientsPass() throws ExpressionException {
    Expression expression = parse("x.detach() * w[0] + (x > a[:, :, 0]) + b.sum() * 0");
    assertThat(expression.names()).containsExactlyInAnyOrder("x", "w", "a", "b");
    assertThat(expression.differentiable("x")).isFalse();
    assertThat(expression.differentiable("w")).isTrue();
    assertThat(expression.differentiable("a")).isFalse();
    assertThat(expression.differentiable("b")).isTrue();
    assertThat(expression.differentiable("k")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"(%s", "-%s", "x[%s", "x.add(%s", "x ** %s", "[%s"})
  void whatIsTooDeepIsRefused(String nest) {
    String text = "";
    for (int i = 0; i < 1400; i++) {
      text += nest.replace("%s", "");
    }
    String deep = text;
    ExpressionException e = catchThrowableOfType(ExpressionException.class, () -> parse(deep));
    assertThat(Objects.requireNonNull(e).detail()).contains("nested more than 100 deep");
  }

  /** Telling what is in a list must not take twice as long with each list around it. */
  @Test
  void listsInListsAreRefusedAtOnce() {
    String text = "torch.cat(" + "[".repeat(90) + "x" + "]".repeat(90) + ")";
    ExpressionException e =
        assertTimeoutPreemptively(
            Duration.ofSeconds(10),
            () -> catchThrowableOfType(ExpressionException.class, () -> parse(text)));
    assertThat(e).hasMessageContaining("must be a list of tensors, got a list");
  }

  @Test
  void aProgramThatRepeatsItselfIsRefused() throws ExpressionException {
    assertThat(parse("x" + ".softsign()".repeat(8)).script(name -> name)).startsWith("torch.div(");
    assertThat(
            catchThrowableOfType(
                ExpressionException.class, () -> parse("x" + ".softsign()".repeat(40))))
        .hasMessageContaining("softsign in softsign is too deep");
  }

  @Test
  void whatIsTooLongIsRefused() {
    assertThat(catchThrowableOfType(ExpressionException.class, () -> parse("x".repeat(10_001))))
        .hasMessageContaining("longer than 10000 characters");
    String list = "torch.cat([" + "x,".repeat(1000) + "x])";
    assertThat(catchThrowableOfType(ExpressionException.class, () -> parse(list)))
        .hasMessageContaining("more than 1000 terms");
    assertThat(
            catchThrowableOfType(
                ExpressionException.class, () -> parse("x" + ".abs()".repeat(200))))
        .hasMessageContaining("nested more than 100 deep");
  }

  private static Expression parse(String text) throws ExpressionException {
    return Expression.parse(text, TYPES.keySet());
  }
}
