import { h } from "../app/dom.js";
import { checkField, field } from "./fields.js";

/**
 * A control for a value by its JSON Schema. `onChange(undefined)` when it is left empty, which leaves it out;
 * what it is then stands in it in grey.
 */
export function valueField({ pointer, name, schema, required, value, onChange }) {
  const types = [schema.type].flat();
  const words = schema.enum?.filter((word) => word !== null);
  if (types.includes("boolean")) {
    const box = h("input", { type: "checkbox", checked: value ?? schema.default ?? false });
    box.addEventListener("change", () => onChange(box.checked === schema.default ? undefined : box.checked));
    return checkField(pointer, name, box);
  }
  if (words) {
    const select = h("select", {},
      required ? null : h("option", { value: "" }, schema.default === undefined ? "–" : `${schema.default} (default)`),
      words.map((word) => h("option", {}, word)));
    select.value = value ?? "";
    select.addEventListener("change", () => onChange(select.value === "" ? undefined : select.value));
    return field(pointer, name, select);
  }
  const number = types.includes("integer") || types.includes("number");
  const input = h("input", {
    inputmode: number ? "decimal" : null,
    autocomplete: "off",
    spellcheck: "false",
    class: number ? null : "mono",
    placeholder: schema.default === undefined ? (required ? "needed" : "") : show(schema.default),
    value: value === undefined || value === null ? "" : show(value),
  });
  input.addEventListener("input", () => onChange(input.value.trim() === "" ? undefined : read(input.value.trim(), types)));
  return field(pointer, name, input);
}

/** As one would type it: 3, 3, 4 for [3, 4]; a text as it is. */
function show(value) {
  if (typeof value === "string") {
    return value;
  }
  const flat = Array.isArray(value) && value.every((v) => typeof v !== "object");
  return flat ? value.join(", ") : JSON.stringify(value);
}

/** What was typed; the server says if it is wrong. */
function read(text, types) {
  if (types.includes("string") && types.every((type) => type === "string" || type === "null")) {
    return text;
  }
  if (/^[-+\d.]/.test(text) && (text.includes(",") || types.includes("array"))) {
    return text.split(/[\s,]+/).filter(Boolean).map(numeric);
  }
  try {
    return JSON.parse(text);
  } catch {
    return numeric(text);
  }
}

function numeric(text) {
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}
