package io.trainyard.fuzz;

import io.trainyard.shared.Json;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Documents and bytes with something wrong in them, mostly. */
public final class Mutations {
  /** Values in the place of others, as JSON; several that no mapper would write. */
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-1",
          "1",
          "0.5",
          "-0.0",
          "1e-400",
          "1e999",
          "-1e999",
          "1e308",
          "2147483648",
          "-2147483649",
          "9223372036854775807",
          "9223372036854775808",
          "9".repeat(400),
          "-" + "9".repeat(400),
          "9".repeat(1500),
          "1." + "0".repeat(600) + "1",
          "1e-2147483648",
          "1e2147483647",
          "123456789012345678901234567890e-10",
          "3.0",
          "1e2",
          "\"\"",
          "\"NaN\"",
          "\"Infinity\"",
          "\"-Infinity\"",
          "\"\\u0000\"",
          "\"a\\u0000b\"",
          "\"\\ud800\"",
          "\"\\udc00x\"",
          "\"\\r\\nX-Injected: 1\"",
          "\"../../etc/passwd\"",
          "\"${jndi:ldap://x}\"",
          "\"%s%n%x\"",
          "\"'; drop table jobs; --\"",
          "\"💥ä\"",
          "\"\\u202e\"",
          "\"job_x\"",
          "\"ds_\"",
          "\"mdl_\"",
          "\"a@b@c\"",
          "\"a@999999999999\"",
          "\"a@-1\"",
          "\"" + "x".repeat(5000) + "\"",
          "\"" + "\\u0007".repeat(50) + "\"",
          "[]",
          "{}",
          "[null]",
          "[[]]",
          "[{}]",
          "[0]",
          "[-1]",
          "[1,1]",
          "[1e999]",
          "[2147483647,2147483647]",
          "[100000,100000,100000]",
          "[\"\"]",
          "{\"type\":null}",
          "{\"type\":\"\"}",
          "{\"type\":[]}",
          "{\"\":\"\"}",
          "{\"a/b~c\":{}}",
          "{\"type\":\"Linear\"}",
          "[".repeat(60) + "]".repeat(60),
          "{\"a\":".repeat(60) + "1" + "}".repeat(60),
          "[" + "1,".repeat(2000) + "1]",
          // A second member, and one that is there twice.
          "1,\"more\":2",
          "1,\"twice\":2,\"twice\":2",
          "NaN",
          "Infinity",
          "undefined",
          "'x'",
          "0x10",
          "01",
          "+1");

  private static final String MARK = "\u0001mark\u0001";

  private final Draw draw;

  public Mutations(Random random) {
    this.draw = new Draw(random);
  }

  /** The document's text after so many changes. */
  public String mutate(JsonNode document, int times) {
    JsonNode changed = document.deepCopy();
    List<String> raw = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      change(changed, raw);
    }
    String text = changed.toString();
    for (int i = 0; i < raw.size(); i++) {
      text = text.replace(Json.write(MARK + i), raw.get(i));
    }
    return text;
  }

  private void change(JsonNode document, List<String> raw) {
    List<JsonNode> containers = new ArrayList<>();
    collect(document, containers);
    if (containers.isEmpty()) {
      return;
    }
    JsonNode place = draw.of(containers);
    if (place instanceof ObjectNode object) {
      String name = draw.of(List.copyOf(object.propertyNames()));
      JsonNode value = object.get(name);
      switch (draw.number(0, 5)) {
        case 0 -> object.remove(name);
        case 1 -> {
          object.remove(name);
          object.set(
              draw.of("", name + "s", name.toUpperCase(Locale.ROOT), "\u0000", "a/b~", "ä"), value);
        }
        case 2 ->
            object.set(
                draw.of("extra", "type", "name", "layers", "seed", "a\u0000"), value.deepCopy());
        default -> object.put(name, mark(raw));
      }
    } else if (place instanceof ArrayNode array) {
      int index = draw.number(0, array.size() - 1);
      switch (draw.number(0, 4)) {
        case 0 -> array.remove(index);
        case 1 -> array.insert(index, array.get(index).deepCopy());
        default -> array.set(index, Json.tree(mark(raw)));
      }
    }
  }

  private String mark(List<String> raw) {
    raw.add(draw.of(VALUES));
    return MARK + (raw.size() - 1);
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainer() && !node.isEmpty()) {
      containers.add(node);
    }
    node.forEach(child -> collect(child, containers));
  }

  /** The text's bytes, now and then damaged or in another encoding. */
  public byte[] encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return switch (draw.number(0, 11)) {
      case 0 -> Arrays.copyOf(bytes, draw.number(0, bytes.length));
      case 1 -> text.getBytes(draw.of(encodings()));
      case 2 -> damage(bytes, 3);
      case 3 -> ("\ufeff" + text).getBytes(StandardCharsets.UTF_8);
      default -> bytes;
    };
  }

  private static List<Charset> encodings() {
    return List.of(
        StandardCharsets.ISO_8859_1,
        StandardCharsets.UTF_16,
        StandardCharsets.UTF_16LE,
        Charset.forName("UTF-32"));
  }

  /** Some bytes set to others. */
  public byte[] damage(byte[] bytes, int times) {
    byte[] damaged = bytes.clone();
    for (int i = 0; i < times && damaged.length > 0; i++) {
      damaged[draw.number(0, damaged.length - 1)] = (byte) draw.number(0, 255);
    }
    return damaged;
  }

  /** A value for a query parameter or a header. */
  public String text() {
    return draw.of(
        "",
        " ",
        "0",
        "-1",
        "1",
        "200",
        "201",
        "9223372036854775807",
        "9223372036854775808",
        "1.5",
        "1e3",
        "NaN",
        "null",
        "true",
        "x",
        "job_x",
        "job_00000000000000000000000000",
        "\u0000",
        "\n",
        "\r\nX: y",
        "ä💥",
        "%",
        "%00",
        "'",
        "\"",
        "' or 1=1 --",
        "../..",
        "${x}",
        "a".repeat(300),
        "a".repeat(3000),
        "+1",
        " 1",
        "١",
        "running",
        "RUNNING",
        "Ru\u0131ning",
        "text/csv",
        "*/*;q=x");
  }
}
