import { h } from "../app/dom.js";
import { field } from "../forms/fields.js";

/** More columns than one wants to fill in by hand. */
const MOST = 40;

/**
 * One row as fields, a choice for a category; null if it would be too many.
 * @param columns the dataset's features, with their places in its rows
 * @param first a row to begin with
 */
export function rowFields(columns, first) {
  if (columns.length === 0 || columns.length > MOST) {
    return null;
  }
  const controls = columns.map((column) => (column.classes ? choice(column, first) : number(column, first)));
  return {
    element: h("div", { class: "arguments" }, columns.map((column, i) =>
      field(`/instances/0/${column.name.replaceAll("~", "~0").replaceAll("/", "~1")}`, column.name, controls[i]))),
    /** The row by names; an empty field is left out, so that the server asks for it. */
    row: () => Object.fromEntries(columns.flatMap((column, i) => value(column, controls[i].value))),
  };
}

function choice(column, first) {
  const options = column.classes.map((name) => h("option", { value: name, selected: name === first?.[column.i] }, name || "(empty)"));
  return h("select", {}, options);
}

function number(column, first) {
  return h("input", { type: "number", step: "any", value: first?.[column.i] ?? "" });
}

function value(column, text) {
  if (column.classes) {
    return [[column.name, text]];
  }
  return text === "" ? [] : [[column.name, Number(text)]];
}
