import { h, replace } from "../app/dom.js";
import { at, get, post } from "../app/api.js";
import { problemPlace } from "../app/dialog.js";
import { coloured, pretty } from "../app/code.js";

/** Asks the trained model. */
export function predictPanel(panel, job, now) {
  const input = h("textarea", { class: "mono", rows: "6", spellcheck: "false", "aria-label": "Instances, a JSON array of rows" });
  const problem = problemPlace();
  const answer = h("pre", { class: "code", "aria-label": "Answer", hidden: true });
  replace(panel,
    h("form", { class: "stack", on: { submit: ask } },
      h("p", { class: "soft" }, "Rows to predict: arrays of the input's shape, or objects by column name."),
      input,
      h("div", { class: "bar" }, h("button", { class: "primary" }, "Predict")),
      problem.element,
      answer));
  example();

  /** The first rows of the dataset, as far as they are known. */
  async function example() {
    let rows = [[0]];
    if (typeof job.spec.dataset === "string") {
      const dataset = await get(at("v1/datasets", job.spec.dataset)).catch(() => null);
      const features = dataset?.columns?.map((column, i) => ({ ...column, i })).filter((column) => column.role === "feature");
      if (features) {
        const cell = (row, { i, kind }) => (kind === "category" ? row[i] : Number(row[i]));
        rows = dataset.preview.slice(0, 2).map((row) => Object.fromEntries(features.map((column) => [column.name, cell(row, column)])));
      }
    } else {
      const zeros = (sizes) => (sizes.length === 0 ? 0 : Array.from({ length: sizes[0] }, () => zeros(sizes.slice(1))));
      rows = [zeros(job.spec.dataset.input_shape)];
    }
    input.value ||= pretty(rows);
  }

  async function ask(event) {
    event.preventDefault();
    problem.clear();
    answer.hidden = true;
    try {
      const result = await post(at("v1/jobs", now().id, "predict"), { instances: JSON.parse(input.value) });
      replace(answer, coloured(pretty(result)));
      answer.hidden = false;
    } catch (e) {
      problem.show(e);
    }
  }
}
