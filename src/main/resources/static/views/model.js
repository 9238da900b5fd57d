import { h } from "../app/dom.js";
import { at, get, post } from "../app/api.js";
import { bytes, count, shape, when } from "../app/format.js";
import { table } from "../app/parts.js";
import { coloured, whole } from "../app/code.js";

/** A stored model: its layers with shapes and sizes. */
export async function show({ mount, parameters: [id], signal, title }) {
  const model = await get(at("v1/models", id), signal);
  const name = `${model.name}@${model.version}`;
  title(name);
  const document = { layers: model.layers, ...(model.input_shape ? { input_shape: model.input_shape } : {}) };
  const summary = await post("v1/models/validate", document, { signal });
  const facts = {
    parameters: count(model.parameters), size: bytes(model.bytes),
    input: shape(summary.input_shape), output: shape(summary.output_shape), stored: when(model.created_at),
  };
  mount(
    h("div", { class: "stack" },
      h("p", { class: "faint" }, h("a", { href: "#/models" }, "Models"), " /"),
      h("div", { class: "bar" },
        h("h1", { class: "fill", tabindex: "-1" }, name),
        h("a", { class: "button primary", href: `#/new?model=${encodeURIComponent(name)}` }, "Train it")),
      h("dl", { class: "card padded facts" }, Object.entries(facts).map(([fact, value]) => h("div", {}, h("dt", {}, fact), h("dd", {}, value)))),
      h("section", { class: "card padded stack", "aria-label": "Layers" },
        h("h2", {}, "Layers"),
        table(["", "Layer", "Arguments", "Output", "Parameters", "Size"], summary.layers.map((layer) => [
          String(layer.index), h("strong", {}, layer.type), h("code", {}, args(model.layers[layer.index])),
          shape(layer.output_shape), count(layer.parameters), bytes(layer.bytes),
        ]))),
      h("section", { class: "card padded stack", "aria-label": "Document" },
        h("h2", {}, "Document"),
        h("pre", { class: "code", tabindex: "0", "aria-label": "Model document" }, coloured(whole(document))))));
}

function args({ type, ...rest }) {
  return Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(", ");
}
