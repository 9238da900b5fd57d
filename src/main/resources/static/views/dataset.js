import { h, replace } from "../app/dom.js";
import { at, get, remove, serves } from "../app/api.js";
import { confirm, problemPlace } from "../app/dialog.js";
import { bytes, count, number, shape, when } from "../app/format.js";
import { table } from "../app/parts.js";
import { target } from "./datasets.js";
import { coloured, whole } from "../app/code.js";

/** A dataset: its columns with their histograms and its first rows, or its arrays; its spec. */
export async function show({ mount, parameters: [id], signal, title }) {
  const dataset = await get(at("v1/datasets", id), signal);
  const name = dataset.name ?? dataset.id;
  title(name);
  const problem = problemPlace();
  const columns = h("div");
  mount(
    h("div", { class: "stack" },
      h("p", { class: "faint" }, h("a", { href: "#/datasets" }, "Datasets"), " /"),
      h("div", { class: "bar" },
        h("h1", { class: "fill", tabindex: "-1" }, name),
        h("a", { class: "button primary", href: `#/new?dataset=${encodeURIComponent(name)}` }, "Train on it"),
        h("button", { type: "button", class: "danger", on: { click: forget } }, "Delete")),
      problem.element,
      facts(dataset),
      dataset.columns ? section("Columns", columns) : null,
      dataset.arrays ? section("Arrays", arrays(dataset.arrays)) : null,
      dataset.preview ? section("First rows", table(dataset.columns.map((column) => column.name), dataset.preview)) : null,
      dataset.spec ? section("Spec", h("pre", { class: "code", tabindex: "0", "aria-label": "Spec" }, coloured(whole(dataset.spec)))) : null));
  if (dataset.columns) {
    columnsTable(new Map());
    if (await serves("/v1/datasets/{id}/histograms")) {
      const { rows, columns: found } = await get(at("v1/datasets", id, "histograms"), signal);
      columnsTable(new Map(found.map((column) => [column.name, column])), rows);
    }
  }

  function columnsTable(histograms, rows = dataset.rows) {
    const heads = ["Name", "Kind", "Use", "Least", "Mean", "Greatest", "Different", rows < dataset.rows ? `Of the first ${count(rows)} rows` : "Distribution"];
    replace(columns, table(heads, dataset.columns.map((column) => [
      h("strong", {}, column.name),
      column.kind,
      column.role === "feature" && column.width > 1 ? `feature, ${column.width} inputs` : (column.role ?? "–"),
      number(column.min), number(column.mean), number(column.max),
      count(column.distinct),
      histogram(histograms.get(column.name)),
    ])));
  }

  async function forget() {
    if (await confirm("Delete this dataset?", `${name} and its file are removed. Jobs that trained on it stay.`, "Delete")) {
      try {
        await remove(at("v1/datasets", id));
        location.hash = "#/datasets";
      } catch (e) {
        problem.show(e);
      }
    }
  }
}

function facts(dataset) {
  const list = {
    rows: count(dataset.rows),
    input: shape(dataset.input_shape),
    target: target(dataset.target),
    normalize: dataset.normalize,
    size: dataset.bytes ? bytes(dataset.bytes) : null,
    added: when(dataset.created_at),
    "SHA-256": dataset.sha256 ? h("code", { title: dataset.sha256 }, `${dataset.sha256.slice(0, 16)}…`) : null,
  };
  return h("dl", { class: "card padded facts" },
    Object.entries(list).filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

function arrays(list) {
  return table(["Name", "Numbers", "Shape", "Least", "Mean", "Greatest"], list.map((array) => [
    h("strong", {}, array.name), array.dtype, shape(array.shape), number(array.min), number(array.mean), number(array.max),
  ]));
}

function section(title, ...content) {
  return h("section", { class: "card padded stack", "aria-label": title }, h("h2", {}, title), content);
}

/** Bars of a column; the numbers behind them are its text. */
function histogram(column) {
  if (!column || column.counts.length === 0) {
    return h("span", { class: "faint" }, "–");
  }
  const most = Math.max(...column.counts);
  const labels = column.labels ?? column.counts.map((_, i) => `${number(column.edges[i])} to ${number(column.edges[i + 1])}`);
  const bars = column.counts.map((n, i) => h("span", { title: `${labels[i]}: ${count(n)}`, vars: { "--part": `${(100 * n) / most}%` } }));
  const ends = column.labels ? [labels[0], column.other ? `and ${count(column.other)} others` : labels.at(-1)] : [number(column.edges[0]), number(column.edges.at(-1))];
  return h("div", { class: "histogram" },
    h("div", { class: "bars", role: "img", "aria-label": labels.map((label, i) => `${label}: ${column.counts[i]}`).join(", ") }, bars),
    h("p", {}, h("span", {}, ends[0]), h("span", {}, ends[1])));
}
