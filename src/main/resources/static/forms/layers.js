import { freshId, h, replace, say, text } from "../app/dom.js";
import { count, shape } from "../app/format.js";
import { tool } from "../app/parts.js";
import { argumentFields, converted } from "./kind.js";

/** The layers of a model, one below the other; `summary` of the server puts shapes and counts beside them. */
export function layersEditor({ pointer, kinds, layers, onChange }) {
  let summary = null;
  let rows = [];
  const list = h("ol", { class: "layers" });
  const next = h("select", { "aria-label": "Kind of the layer to add" }, [...kinds.keys()].map((type) => h("option", {}, type)));
  const element = h("div", { class: "field", "data-pointer": pointer },
    list,
    h("div", { class: "bar" }, next, h("button", { type: "button", on: { click: add } }, "Add layer")),
    h("p", { class: "wrong", hidden: true }));
  draw();

  function draw() {
    rows = layers.map(row);
    replace(list, rows.map((r) => r.element));
    showSummary();
  }

  function row(layer, index) {
    const place = `${pointer}/${index}`;
    const select = h("select", { id: freshId("layer"), "aria-label": `Layer ${index}` }, [...kinds.keys()].map((type) => h("option", {}, type)));
    select.value = layer.type;
    const output = h("span", { class: "faint layer-output" });
    select.addEventListener("change", () => {
      layers[index] = suggested(converted(layer, select.value, kinds.get(select.value)), index);
      draw();
      onChange();
      list.children[index].querySelector("select").focus();
    });
    const schema = kinds.get(layer.type);
    const element = h("li", { class: "layer field", "data-pointer": place },
      h("div", { class: "layer-head" },
        h("span", { class: "faint layer-index" }, String(index)),
        select,
        output,
        h("span", { class: "bar tools" },
          tool("up", `Move layer ${index} up`, () => move(index, -1)),
          tool("down", `Move layer ${index} down`, () => move(index, 1)),
          tool("cross", `Remove layer ${index}`, () => drop(index)))),
      schema ? argumentFields({ pointer: place, schema, value: layer, onChange }) : null,
      h("p", { class: "wrong", hidden: true }));
    return { element, output };
  }

  function add() {
    layers.push(suggested({ type: next.value }, layers.length));
    draw();
    onChange();
    list.lastElementChild.querySelector("input, select")?.focus();
  }

  function move(index, by) {
    const to = index + by;
    if (to >= 0 && to < layers.length) {
      [layers[index], layers[to]] = [layers[to], layers[index]];
      draw();
      onChange();
      say(`Layer ${index} is now layer ${to}`);
    }
  }

  function drop(index) {
    layers.splice(index, 1);
    draw();
    onChange();
    say(`Layer ${index} removed`);
  }

  /** What the layer before gives is what this one takes. */
  function suggested(layer, index) {
    const schema = kinds.get(layer.type);
    const before = index === 0 ? summary?.input_shape : summary?.layers[index - 1]?.output_shape;
    const fits = { in_features: before?.at(-1), in_channels: before?.[0], num_features: before?.[0] };
    for (const [name, size] of Object.entries(fits)) {
      if (size && name in schema.properties) {
        layer[name] ??= size;
      }
    }
    return layer;
  }

  function showSummary() {
    rows.forEach(({ output }, i) => {
      const found = summary?.layers[i];
      text(output, found ? `${shape(found.output_shape)}${found.parameters ? ` · ${count(found.parameters)} parameters` : ""}` : "");
    });
  }

  return {
    element,
    summarize(next) {
      summary = next;
      showSummary();
    },
  };
}
