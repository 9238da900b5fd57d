import { h, replace } from "../app/dom.js";
import { field } from "./fields.js";
import { valueField } from "./value.js";
import { kindEditor } from "./kind.js";
import { layersEditor } from "./layers.js";
import { adapt, dataOf, starterLayers } from "./starter.js";

const INLINE = "\u0000inline";

const PLAIN = [
  ["epochs", { type: "integer" }, true],
  ["batch_size", { type: "integer" }, false, "all rows"],
  ["seed", { type: "integer" }, false, "drawn"],
];
const MORE = [
  ["device", { type: "string", default: "auto" }],
  ["priority", { type: "integer", default: 0 }],
  ["max_runtime_seconds", { type: "number" }, false, "no limit"],
];

/**
 * A form that writes into a job document.
 *
 * @param kinds {layers, losses, optimizers, schedulers}, each from `vocabulary`
 * @param datasets and models as listed
 * @param onRedraw called when more has changed than a field
 */
export function jobForm({ job, kinds, datasets, models, onChange, onRedraw }) {
  let layers = null;
  const model = h("div");
  const element = h("form", { class: "stack", novalidate: true, on: { submit: (event) => event.preventDefault() } },
    group("Job", h("div", { class: "arguments wide" }, plain("name", { type: "string" }, false, "the id"), tags())),
    group("Data", datasetFields()),
    group("Model", model),
    group("Loss", kind("loss", kinds.losses)),
    group("Optimizer", kind("optimizer", kinds.optimizers)),
    group("Schedule of the learning rate", kind("scheduler", kinds.schedulers, "constant")),
    group("Training",
      h("div", { class: "arguments" },
        PLAIN.map((member) => plain(...member)), nested("validation", "fraction", "validation fraction", "none")),
      h("div", { class: "bar checks" }, flag("shuffle", "Shuffle the rows in each epoch"), accuracy()),
      h("details", {}, h("summary", {}, "Early stopping, clipping, device and limits"),
        h("div", { class: "arguments" },
          nested("early_stopping", "patience", "early stopping: patience", "off"),
          nested("gradient_clipping", "max_norm", "clip gradients: max_norm", "off"),
          MORE.map((member) => plain(...member))))));
  drawModel();
  return { element, summarize: (summary) => layers?.summarize(summary) };

  function set(name, value) {
    if (value === undefined) {
      delete job[name];
    } else {
      job[name] = value;
    }
    onChange();
  }

  function plain(name, schema, required = false, without = "") {
    const part = valueField({ pointer: `/${name}`, name: name.replaceAll("_", " "), schema, required, value: job[name], onChange: (value) => set(name, value) });
    const input = part.querySelector("input");
    input.placeholder ||= without;
    return part;
  }

  /** The one member of an object that makes it be there. */
  function nested(name, member, label, without) {
    const part = valueField({
      pointer: `/${name}`, name: label, schema: { type: "number" }, value: job[name]?.[member],
      onChange: (value) => set(name, value === undefined ? undefined : { ...job[name], [member]: value }),
    });
    part.querySelector("input").placeholder = without;
    return part;
  }

  function flag(name, label) {
    const box = h("input", { type: "checkbox", checked: job[name] ?? false, on: { change: () => set(name, box.checked || undefined) } });
    return h("div", { class: "field", "data-pointer": `/${name}` }, h("label", { class: "check" }, box, label), h("p", { class: "wrong", hidden: true }));
  }

  function accuracy() {
    const box = h("input", { type: "checkbox", checked: (job.metrics ?? []).includes("accuracy"), on: { change: () => set("metrics", box.checked ? ["accuracy"] : undefined) } });
    return h("div", { class: "field", "data-pointer": "/metrics" }, h("label", { class: "check" }, box, "Accuracy"), h("p", { class: "wrong", hidden: true }));
  }

  function tags() {
    const text = Object.entries(job.tags ?? {}).map(([name, value]) => `${name}=${value}`).join(", ");
    const input = h("input", { value: text, placeholder: "team=vision, stage=trial", autocomplete: "off" });
    input.addEventListener("input", () => {
      const pairs = input.value.split(",").map((pair) => pair.trim()).filter(Boolean).map((pair) => {
        const [name, ...value] = pair.split("=");
        return [name.trim(), value.join("=").trim()];
      });
      set("tags", pairs.length > 0 ? Object.fromEntries(pairs) : undefined);
    });
    return field("/tags", "tags", input);
  }

  function kind(name, vocabulary, none) {
    return kindEditor({ pointer: `/${name}`, label: "kind", kinds: vocabulary, value: job[name] ?? undefined, none, onChange: (value) => set(name, value) });
  }

  function datasetFields() {
    const inline = isObject(job.dataset) ? job.dataset : { type: "synthetic", seed: 0, samples: 1000, input_shape: [20], classes: 3 };
    const known = datasets.some((dataset) => [dataset.name, dataset.id].includes(job.dataset));
    const select = h("select", {},
      datasets.map((dataset) => h("option", { value: dataset.name ?? dataset.id }, dataset.name ?? dataset.id)),
      known || typeof job.dataset !== "string" ? null : h("option", { value: job.dataset }, job.dataset),
      h("option", { value: INLINE }, "random rows"));
    select.value = typeof job.dataset === "string" ? (datasets.find((d) => d.id === job.dataset)?.name ?? job.dataset) : INLINE;
    const fields = h("div", { class: "arguments" });
    const draw = () => replace(fields, select.value === INLINE ? synthetic(inline) : null);
    select.addEventListener("change", () => {
      const before = dataOf(job.dataset, datasets);
      set("dataset", select.value === INLINE ? inline : select.value);
      if (adapt(job, before, dataOf(job.dataset, datasets))) {
        onRedraw();
      } else {
        draw();
        drawModel();
      }
    });
    draw();
    return [field("/dataset", "dataset", select), fields];
  }

  function synthetic(spec) {
    const schemas = { samples: { type: "integer" }, input_shape: { type: "array" }, classes: { type: "integer" }, target_shape: { type: "array" }, seed: { type: "integer", default: 0 } };
    return Object.entries(schemas).map(([name, schema]) => valueField({
      pointer: `/dataset/${name}`, name: name.replaceAll("_", " "), schema, value: spec[name],
      onChange: (value) => {
        if (value === undefined) {
          delete spec[name];
        } else {
          spec[name] = value;
        }
        set("dataset", spec);
      },
    }));
  }

  function drawModel() {
    const own = isObject(job.model);
    const names = [...new Set(models.flatMap((m) => [m.name, `${m.name}@${m.version}`]))];
    const select = h("select", {},
      h("option", { value: INLINE }, "own layers"),
      names.map((name) => h("option", {}, name)),
      own || names.includes(job.model) ? null : h("option", {}, job.model));
    select.value = own ? INLINE : job.model;
    select.addEventListener("change", () => {
      const stored = models.find((m) => m.name === job.model || `${m.name}@${m.version}` === job.model);
      job.model = select.value === INLINE ? { layers: structuredClone(stored?.layers ?? []) } : select.value;
      drawModel();
      onChange();
    });
    layers = own ? layersEditor({ pointer: "/model/layers", kinds: kinds.layers, layers: job.model.layers ??= [], onChange }) : null;
    const data = dataOf(job.dataset, datasets);
    replace(model,
      h("div", { class: "bar end" },
        field("/model", "model", select),
        own && data ? h("button", { type: "button", on: { click: () => suggest(data) } }, "Suggest layers for this dataset") : null),
      layers?.element);
  }

  function suggest(data) {
    job.model = { layers: starterLayers(data.input_shape, data.target) };
    drawModel();
    onChange();
  }
}

function isObject(value) {
  return value !== null && typeof value === "object";
}

function group(title, ...content) {
  return h("fieldset", { class: "card padded" }, h("legend", {}, title), content);
}
