import { h, replace } from "../app/dom.js";
import { coloured } from "../app/code.js";
import { JsonError, lineOf, parsePlaces, placeOf } from "./json-places.js";

/**
 * A text area for JSON with colours, line numbers and marks where something is wrong. `onChange(document)` gets what
 * was read, or undefined where the text is no JSON.
 */
export function jsonEditor({ label, onChange }) {
  const input = h("textarea", { spellcheck: "false", autocapitalize: "off", autocomplete: "off", wrap: "off", "aria-label": label, "aria-describedby": "json-errors" });
  const colours = h("pre", { class: "editor-colours", "aria-hidden": "true" });
  const marks = h("pre", { class: "editor-marks", "aria-hidden": "true" });
  const lines = h("pre", { class: "editor-lines", "aria-hidden": "true" });
  const errors = h("ul", { class: "errors", id: "json-errors" });
  const element = h("div", {}, h("div", { class: "editor" }, lines, h("div", { class: "editor-pane" }, marks, colours, input)), errors);
  let places = new Map();
  input.addEventListener("input", changed);
  input.addEventListener("keydown", indent);
  input.addEventListener("scroll", () => {
    colours.scrollLeft = input.scrollLeft;
    marks.scrollLeft = input.scrollLeft;
  });

  function changed() {
    const text = input.value;
    replace(colours, coloured(text), "\n");
    input.rows = text.split("\n").length + 1;
    show([]);
    let value;
    try {
      ({ value, places } = parsePlaces(text));
    } catch (e) {
      if (!(e instanceof JsonError)) {
        throw e;
      }
      show([{ start: e.at, end: e.at + 1, detail: e.message }]);
    }
    onChange(value);
  }

  /** A new line begins where the one before does, and deeper after a bracket. */
  function indent(event) {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) {
      return;
    }
    event.preventDefault();
    const before = input.value.slice(0, input.selectionStart);
    const [space] = before.split("\n").at(-1).match(/^ */);
    const deeper = /[{[]\s*$/.test(before) ? "  " : "";
    input.setRangeText(`\n${space}${deeper}`, input.selectionStart, input.selectionEnd, "end");
    changed();
  }

  /** Marks [{start, end, detail}] in the text and tells them below it. */
  function show(found) {
    const text = input.value;
    const parts = [];
    let end = 0;
    for (const mark of [...found].sort((a, b) => a.start - b.start)) {
      if (mark.start >= end) {
        parts.push(text.slice(end, mark.start), h("span", { class: "editor-wrong" }, text.slice(mark.start, mark.end) || " "));
        end = mark.end;
      }
    }
    replace(marks, parts, text.slice(end), "\n");
    const bad = new Set(found.map((mark) => lineOf(text, mark.start)));
    replace(lines, text.split("\n").map((_, i) => h("span", { class: bad.has(i + 1) ? "bad" : null }, `${bad.has(i + 1) ? "●" : ""}${i + 1}\n`)));
    replace(errors, [...found].sort((a, b) => a.start - b.start).map((mark) =>
      h("li", {}, h("button", { type: "button", class: "quiet", on: { click: () => go(mark) } }, h("strong", {}, `Line ${lineOf(text, mark.start)}`), h("span", {}, mark.detail)))));
    if (found.length > 0) {
      input.setAttribute("aria-invalid", "true");
    } else {
      input.removeAttribute("aria-invalid");
    }
  }

  function go(mark) {
    input.focus();
    input.setSelectionRange(mark.start, mark.end);
  }

  return {
    element,
    set(text) {
      input.value = text;
      changed();
    },
    /** Shows the errors of a problem, [{pointer, detail}], at their places. */
    errors(list) {
      show(list.map(({ pointer, detail }) => {
        const { start, end } = placeOf(places, pointer);
        return { start, end: Math.min(end, start + 400), detail: pointer ? `${pointer}: ${detail}` : detail };
      }));
    },
  };
}
