/** A text that is no JSON, and where it stops being it. */
export class JsonError extends Error {
  constructor(message, at) {
    super(message);
    this.at = at;
  }
}

/**
 * Reads JSON and where each value stands.
 *
 * @returns {value, places}: places by JSON pointer, each {start, end} in characters
 * @throws JsonError
 */
export function parsePlaces(text) {
  const places = new Map();
  let i = 0;
  skip();
  const value = read("");
  skip();
  if (i < text.length) {
    fail("there is more after the document");
  }
  return { value, places };

  function fail(message, at = i) {
    throw new JsonError(message, Math.min(at, text.length));
  }

  function skip() {
    while (i < text.length && " \t\n\r".includes(text[i])) {
      i += 1;
    }
  }

  function read(pointer) {
    const start = i;
    const value = text[i] === "{" ? object(pointer) : text[i] === "[" ? array(pointer) : scalar();
    places.set(pointer, { start, end: i });
    return value;
  }

  function object(pointer) {
    const value = {};
    i += 1;
    skip();
    if (text[i] === "}") {
      i += 1;
      return value;
    }
    for (;;) {
      if (text[i] !== '"') {
        fail("expected a name in quotes");
      }
      const at = i;
      const name = string();
      if (Object.hasOwn(value, name)) {
        fail(`${JSON.stringify(name)} is there twice`, at);
      }
      skip();
      if (text[i] !== ":") {
        fail("expected a colon");
      }
      i += 1;
      skip();
      // Not by assignment: the name may be __proto__.
      Object.defineProperty(value, name, {
        value: read(`${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`), enumerable: true, configurable: true, writable: true,
      });
      if (!another("}")) {
        return value;
      }
    }
  }

  function array(pointer) {
    const value = [];
    i += 1;
    skip();
    if (text[i] === "]") {
      i += 1;
      return value;
    }
    for (;;) {
      value.push(read(`${pointer}/${value.length}`));
      if (!another("]")) {
        return value;
      }
    }
  }

  /** Goes over a comma to what follows it, or over the end. */
  function another(close) {
    skip();
    if (text[i] === close) {
      i += 1;
      return false;
    }
    if (text[i] !== ",") {
      fail(`expected a comma or ${close}`);
    }
    i += 1;
    skip();
    if (text[i] === close) {
      fail("there is nothing after the comma");
    }
    return true;
  }

  function scalar() {
    if (text[i] === '"') {
      return string();
    }
    const [word] = text.slice(i, i + 400).match(/^[^\s,:[\]{}"]*/);
    if (word === "") {
      fail(i < text.length ? "expected a value" : "the document ends too early");
    }
    if (!/^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)$/.test(word)) {
      fail(`${word} is no value`);
    }
    i += word.length;
    return JSON.parse(word);
  }

  function string() {
    const start = i;
    const match = /"(?:[^"\\\n\r]|\\.)*"/y;
    match.lastIndex = i;
    const found = match.exec(text);
    if (!found) {
      fail("the text has no end");
    }
    i += found[0].length;
    try {
      return JSON.parse(found[0]);
    } catch {
      return fail("the text has a bad escape", start);
    }
  }
}

/** The place of a pointer, else the beginning of what it would be a part of. */
export function placeOf(places, pointer) {
  if (places.has(pointer)) {
    return places.get(pointer);
  }
  let p = pointer;
  while (p !== "" && !places.has(p)) {
    p = p.slice(0, p.lastIndexOf("/"));
  }
  const start = places.get(p)?.start ?? 0;
  return { start, end: start + 1 };
}

/** The line, from 1, of a character. */
export function lineOf(text, at) {
  return text.slice(0, at).split("\n").length;
}
