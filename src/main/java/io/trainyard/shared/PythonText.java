package io.trainyard.shared;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values as literals of Python. */
public final class PythonText {
  private static final Set<String> KEYWORDS =
      words(
          "False None True and as assert async await break class continue def del elif else except"
              + " finally for from global if import in is lambda nonlocal not or pass raise return"
              + " try while with yield");

  private static final Set<String> TAKEN =
      words(
          "T_destination add_module apply bfloat16 buffers call_super_init children compile cpu"
              + " cuda double dump_patches eval extra_repr float forward get_buffer"
              + " get_extra_state get_parameter get_submodule half ipu load_state_dict modules"
              + " mtia named_buffers named_children named_modules named_parameters parameters"
              + " register_backward_hook register_buffer register_forward_hook"
              + " register_forward_pre_hook register_full_backward_hook"
              + " register_full_backward_pre_hook register_load_state_dict_post_hook"
              + " register_load_state_dict_pre_hook register_module register_parameter"
              + " register_state_dict_post_hook register_state_dict_pre_hook requires_grad_"
              + " set_extra_state set_submodule share_memory state_dict to to_empty train"
              + " training type xpu zero_grad _parameters _buffers _modules _backward_hooks"
              + " _backward_pre_hooks _forward_hooks _forward_pre_hooks _state_dict_hooks"
              + " _state_dict_pre_hooks _load_state_dict_pre_hooks _load_state_dict_post_hooks"
              + " _non_persistent_buffers_set _is_full_backward_hook _version _apply _call_impl"
              + " _get_name _load_from_state_dict _named_members _save_to_state_dict"
              + " _slow_forward _wrapped_call_impl");

  private PythonText() {}

  /**
   * A flag, number, text, null or collection of such. Collections become tuples; an infinite number
   * is {@code math}'s.
   */
  public static String of(@Nullable Object value) {
    if (value == null) {
      return "None";
    }
    if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    if (value instanceof Double number) {
      return number(number);
    }
    if (value instanceof Collection<?> items) {
      String text = items.stream().map(PythonText::of).collect(Collectors.joining(", "));
      return items.size() == 1 ? "(" + text + ",)" : "(" + text + ")";
    }
    return value instanceof String text ? quoted(text) : value.toString();
  }

  private static String number(double number) {
    if (Double.isInfinite(number)) {
      return number > 0 ? "math.inf" : "-math.inf";
    }
    return Double.toString(number).replace(".0E", "e").replace('E', 'e');
  }

  /** In double quotes; all but letters and what is printable in ASCII is escaped. */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
              } else if ((c >= ' ' && c < 127) || Character.isLetterOrDigit(c)) {
                quoted.appendCodePoint(c);
              } else {
                quoted.append("\\U%08x".formatted(c));
              }
            });
    return quoted.append('"').toString();
  }

  /** The name itself, with an underscore after it where it is a word of Python. */
  public static String variable(String name) {
    return KEYWORDS.contains(name) ? name + "_" : name;
  }

  /** The same for an attribute of an nn.Module, which has some already. */
  public static String attribute(String name) {
    return TAKEN.contains(name) || name.startsWith("__") ? name + "_" : variable(name);
  }

  private static Set<String> words(String text) {
    return Set.of(text.split(" "));
  }
}
