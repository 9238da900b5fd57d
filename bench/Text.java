import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds values in text of a known form; a JSON reader would be a dependency. */
final class Text {
  private Text() {}

  /** The first match's first group; null without a match. */
  static String find(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.find() ? matcher.group(1) : null;
  }

  /** The first member of that name. */
  static double number(String json, String name) {
    String value = find(json, "\"" + name + "\"\\s*:\\s*(-?[0-9][-+.0-9eE]*|NaN|-?Infinity)");
    if (value == null) {
      throw new IllegalArgumentException("no " + name + " in " + json);
    }
    return Double.parseDouble(value);
  }
}
