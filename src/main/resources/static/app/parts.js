import { h, replace, svg } from "./dom.js";
import { glyph } from "./states.js";

/** The colour and the stroke of a curve, as the legend shows them. */
export function key(curve) {
  const line = svg("path", { d: "M1 5h24", "stroke-dasharray": curve.dash?.join(" ") ?? null });
  return h("span", { class: "key", "aria-hidden": "true", vars: { "--key": `var(${curve.colour})` } }, svg("svg", { viewBox: "0 0 26 10", width: 26, height: 10 }, line));
}

/** A small button with a picture. */
export function tool(name, label, click) {
  const button = h("button", { type: "button", class: "small icon", "aria-label": label, title: label, on: { click } });
  replace(button, glyph(name));
  return button;
}

/** A table of cells that are texts or elements. */
export function table(heads, rows) {
  return h("div", { class: "scroll" },
    h("table", {},
      h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head || h("span", { class: "unseen" }, "Action"))))),
      h("tbody", {}, rows.map((cells) => h("tr", {}, cells.map((cell) => h("td", {}, cell)))))));
}
