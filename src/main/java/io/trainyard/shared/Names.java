package io.trainyard.shared;

import java.util.regex.Pattern;

/** Names that users give to models, datasets, jobs. */
public final class Names {
  private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final Pattern ID = Pattern.compile("(mdl|ds|job)_.*");

  /** The member {@code name} of a document. */
  public static final Argument<String> ARGUMENT =
      Argument.text("name")
          .matching(
              Names::isName,
              "a name: a letter or digit, then up to 99 letters, digits, dots, dashes or"
                  + " underscores, and not like an id (mdl_…, ds_…, job_…)");

  private Names() {}

  public static boolean isName(String text) {
    return PATTERN.matcher(text).matches() && !ID.matcher(text).matches();
  }
}
