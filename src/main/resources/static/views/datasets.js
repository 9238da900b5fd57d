import { h } from "../app/dom.js";
import { get } from "../app/api.js";
import { ago, bytes, count, shape, when } from "../app/format.js";
import { table } from "../app/parts.js";

/** The datasets, newest first. */
export async function show({ mount, query, signal }) {
  const after = query.get("after");
  const page = await get(`v1/datasets?limit=100${after ? `&after=${encodeURIComponent(after)}` : ""}`, signal);
  mount(
    h("div", { class: "stack" },
      h("div", { class: "bar" },
        h("h1", { class: "fill", tabindex: "-1" }, "Datasets"),
        h("a", { class: "button", href: "#/datasets/new" }, "Add a dataset")),
      page.data.length === 0
        ? h("div", { class: "empty card" }, h("p", {}, "There is no dataset yet. A CSV or NPZ file makes one."))
        : h("div", { class: "card padded" }, table(["Name", "Kind", "Rows", "Input", "Target", "Size", "Added"], page.data.map(row))),
      page.next_cursor ? h("p", {}, h("a", { class: "button small", href: `#/datasets?after=${encodeURIComponent(page.next_cursor)}` }, "Older →")) : null));
}

function row(dataset) {
  return [
    h("a", { class: "row-link", href: `#/datasets/${dataset.id}` }, dataset.name ?? dataset.id),
    dataset.kind,
    count(dataset.rows),
    shape(dataset.input_shape),
    target(dataset.target),
    dataset.bytes ? bytes(dataset.bytes) : "–",
    h("span", { title: when(dataset.created_at) }, ago(dataset.created_at)),
  ];
}

/** What is to be predicted, in words. */
export function target({ kind, name, count: classes, shape: sizes }) {
  const of = name ? `${name}: ` : "";
  return kind === "values" ? `${of}values ${shape(sizes)}` : `${of}${count(classes)} ${kind}`;
}
