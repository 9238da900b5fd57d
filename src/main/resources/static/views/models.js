import { h } from "../app/dom.js";
import { get } from "../app/api.js";
import { ago, bytes, count, when } from "../app/format.js";
import { table } from "../app/parts.js";

/** The stored models, every version. */
export async function show({ mount, query, signal }) {
  const after = query.get("after");
  const page = await get(`v1/models?limit=100${after ? `&after=${encodeURIComponent(after)}` : ""}`, signal);
  mount(
    h("div", { class: "stack" },
      h("h1", { tabindex: "-1" }, "Models"),
      page.data.length === 0
        ? h("div", { class: "empty card" }, h("p", {}, "No model is stored. A job may bring its own layers; one that is stored has a name and versions."), h("p", {}, h("a", { href: "#/new" }, "Build one with a new job")))
        : h("div", { class: "card padded" }, table(["Name", "Layers", "Parameters", "Size", "Stored"], page.data.map(row))),
      page.next_cursor ? h("p", {}, h("a", { class: "button small", href: `#/models?after=${encodeURIComponent(page.next_cursor)}` }, "Older →")) : null));
}

function row(model) {
  const types = model.layers.map((layer) => layer.type);
  const told = types.length > 6 ? `${types.slice(0, 5).join(" → ")} → … (${types.length})` : types.join(" → ");
  return [
    h("a", { class: "row-link", href: `#/models/${model.id}` }, `${model.name}@${model.version}`),
    told,
    count(model.parameters),
    bytes(model.bytes),
    h("span", { title: when(model.created_at) }, ago(model.created_at)),
  ];
}
