import { h, replace } from "../app/dom.js";
import { at, get, post } from "../app/api.js";
import { coloured, pretty } from "../app/code.js";
import { field, placeErrors, clearErrors } from "../forms/fields.js";
import { deployForm } from "./job-deploy.js";
import { rowFields } from "./predict-row.js";

/** Asks the trained model: one row as a form where it has columns, or any rows as JSON. */
export function predictPanel(panel, job, now) {
  const input = h("textarea", { class: "mono", rows: "6", spellcheck: "false" });
  const json = field("/instances", "Rows: arrays of the input's shape, or objects by column name", input);
  const state = h("select", {}, h("option", { value: "" }, "the job's result"));
  const fields = h("div");
  const other = h("button", { type: "button", class: "small", hidden: true, on: { click: swap } });
  const answer = h("pre", { class: "code", "aria-label": "Answer", hidden: true });
  const form = h("form", { class: "stack", on: { submit: ask } },
    fields,
    json,
    h("div", { class: "bar" },
      h("button", { class: "primary" }, "Predict"),
      h("label", { class: "beside" }, "with", state),
      h("span", { class: "fill" }),
      other),
    answer);
  let row = null;
  replace(panel, form, deployForm(job, checkpoint));
  begin();
  states();

  /** The first rows of the dataset, as far as they are known. */
  async function begin() {
    let rows = [[0]];
    if (typeof job.spec.dataset === "string") {
      const dataset = await get(at("v1/datasets", job.spec.dataset)).catch(() => null);
      const features = dataset?.columns?.map((column, i) => ({ ...column, i })).filter((column) => column.role === "feature");
      if (features) {
        const cell = (cells, { i, kind }) => (kind === "category" ? cells[i] : Number(cells[i]));
        rows = dataset.preview.slice(0, 2).map((cells) => Object.fromEntries(features.map((column) => [column.name, cell(cells, column)])));
        row = rowFields(features, dataset.preview[0]);
      } else if (dataset) {
        rows = [zeros(dataset.input_shape)];
      }
    } else if (job.spec.dataset.input_shape) {
      rows = [zeros(job.spec.dataset.input_shape)];
    }
    input.value ||= pretty(rows);
    if (row) {
      other.hidden = false;
      swap();
    }
  }

  async function states() {
    const list = await get(at("v1/jobs", job.id, "checkpoints")).catch(() => null);
    state.append(...(list?.data ?? []).map(({ epoch, best }) => h("option", { value: epoch }, `epoch ${epoch}${best ? " (best)" : ""}`)));
  }

  /** What is not shown is not in the form, so that no error is put there. */
  function swap() {
    clearErrors(form);
    const asForm = !isForm();
    replace(fields, asForm ? row.element : null);
    json.hidden = asForm;
    replace(other, asForm ? "Rows as JSON" : "One row as a form");
  }

  function checkpoint() {
    return state.value === "" ? null : Number(state.value);
  }

  function isForm() {
    return fields.childElementCount > 0;
  }

  async function ask(event) {
    event.preventDefault();
    clearErrors(form);
    answer.hidden = true;
    try {
      const instances = isForm() ? [row.row()] : JSON.parse(input.value);
      const result = await post(at("v1/jobs", now().id, "predict"), { instances, checkpoint: checkpoint() });
      replace(answer, coloured(pretty(result)));
      answer.hidden = false;
    } catch (e) {
      placeErrors(form, e);
    }
  }
}

function zeros(sizes) {
  return sizes.length === 0 ? 0 : Array.from({ length: sizes[0] }, () => zeros(sizes.slice(1)));
}
