import { h } from "./dom.js";

const TOKEN = /"(?:[^"\\\n]|\\.)*"(?=(\s*:)?)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g;

/** A JSON text as coloured spans. */
export function coloured(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    parts.push(text.slice(end, match.index));
    const kind = match[0][0] !== '"' ? "number" : match[1] ? "key" : "text";
    parts.push(h("span", { class: `tok-${kind}` }, match[0]));
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}

/** JSON for people: short arrays and objects stay on one line. */
export function pretty(value, indent = "") {
  const flat = inline(value);
  if (flat.length + indent.length <= 92 || typeof value !== "object" || value === null) {
    return flat;
  }
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((v) => deeper + pretty(v, deeper)).join(",\n")}\n${indent}]`;
  }
  const members = Object.entries(value).map(([name, v]) => `${deeper}${JSON.stringify(name)}: ${pretty(v, deeper)}`);
  return `{\n${members.join(",\n")}\n${indent}}`;
}

function inline(value) {
  if (Array.isArray(value)) {
    return `[${value.map(inline).join(", ")}]`;
  }
  if (value !== null && typeof value === "object") {
    const members = Object.entries(value).map(([name, v]) => `${JSON.stringify(name)}: ${inline(v)}`);
    return `{${members.join(", ")}}`;
  }
  return JSON.stringify(value);
}

/** A document as a whole: its top level always on lines of its own. */
export function whole(value) {
  const members = Object.entries(value).map(([name, v]) => `  ${JSON.stringify(name)}: ${pretty(v, "  ")}`);
  return `{\n${members.join(",\n")}\n}`;
}
