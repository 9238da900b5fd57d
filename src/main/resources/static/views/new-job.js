import { h, replace } from "../app/dom.js";
import { all, at, get, post } from "../app/api.js";
import { problemPlace } from "../app/dialog.js";
import { whole } from "../app/code.js";
import { mergePatch } from "../app/difference.js";
import { checker } from "../forms/check.js";
import { clearErrors, placeErrors } from "../forms/fields.js";
import { jobForm } from "../forms/job-form.js";
import { jsonEditor } from "../forms/json-editor.js";
import { dataOf, starterJob } from "../forms/starter.js";
import { vocabulary } from "../forms/vocabulary.js";

/** A new job, by form or as JSON: two sights of one document. */
export async function show({ mount, query, signal, title }) {
  const [datasets, models, layers, losses, optimizers, schedulers] = await Promise.all([
    all("v1/datasets", signal), all("v1/models", signal),
    ...["layers", "losses", "optimizers", "schedulers"].map(vocabulary),
  ]);
  const origin = await originOf(query, signal);
  let job = origin ? structuredClone(origin.spec) : begun(query, datasets, models);
  let mode = query.get("as") === "json" ? "json" : "form";
  let form = null;
  const heading = origin && query.has("fork") ? `Fork ${origin.name}` : "New job";
  title(heading);

  const editor = jsonEditor({ label: "Job document", onChange: (document) => { job = document; check.start(); } });
  const check = checker({ document: () => job, inputShape, onResult, signal });
  const problem = problemPlace();
  const left = h("div");
  const byForm = h("button", { type: "button", role: "tab", on: { click: () => choose("form") } }, "Form");
  const byJson = h("button", { type: "button", role: "tab", on: { click: () => choose("json") } }, "JSON");
  const submit = h("button", { type: "button", class: "primary", on: { click: send } }, query.has("fork") ? "Fork" : "Train");
  const modes = h("div", { class: "segments", role: "tablist", "aria-label": "Way of writing", on: { keydown: arrows } }, byForm, byJson);
  mount(
    h("div", { class: "stack" },
      h("div", { class: "bar" }, h("h1", { class: "fill", tabindex: "-1" }, heading), modes),
      query.has("fork") ? h("p", { class: "soft" }, `Goes on from ${query.has("checkpoint") ? `epoch ${query.get("checkpoint")}` : "the newest checkpoint"} of ${origin.name}, with what you change here.`) : null,
      h("div", { class: "beside-check" },
        left,
        h("aside", { class: "card padded stack", "aria-label": "Check" }, check.element, problem.element, submit))));
  draw();
  check.start();

  function draw() {
    for (const [button, name] of [[byForm, "form"], [byJson, "json"]]) {
      button.setAttribute("aria-selected", String(mode === name));
      button.tabIndex = mode === name ? 0 : -1;
    }
    if (mode === "json") {
      form = null;
      replace(left, editor.element);
      editor.set(whole(job));
    } else {
      form = jobForm({ job, kinds: { layers, losses, optimizers, schedulers }, datasets, models, onChange: check.start, onRedraw: redraw });
      replace(left, form.element);
    }
  }

  /** After another dataset was chosen, which took other layers with it. */
  function redraw() {
    draw();
    check.start();
    left.querySelector("[data-pointer='/dataset'] select").focus();
  }

  function choose(next) {
    problem.clear();
    if (next === mode) {
      return;
    }
    if (next === "form" && (job === null || typeof job !== "object" || Array.isArray(job))) {
      problem.show(new Error("The form needs a JSON object; put the text right first."));
      return;
    }
    mode = next;
    try {
      draw();
    } catch {
      mode = "json";
      draw();
      problem.show(new Error("The form cannot show a document like this; its layers and members must be objects."));
    }
    check.start();
  }

  function arrows(event) {
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      choose(mode === "form" ? "json" : "form");
      (mode === "form" ? byForm : byJson).focus();
    }
  }

  function onResult(found, summary) {
    if (mode === "json") {
      editor.errors(found?.errors ?? []);
      return;
    }
    form.summarize(summary);
    if (found) {
      placeErrors(form.element, found);
    } else {
      clearErrors(form.element);
    }
  }

  /** Of the document's rows, as far as it is known here. */
  function inputShape({ dataset }) {
    return dataOf(dataset, datasets)?.input_shape;
  }

  async function send() {
    problem.clear();
    if (job === undefined) {
      problem.show(new Error("The text is no JSON yet."));
      return;
    }
    submit.disabled = true;
    try {
      const made = query.has("fork") ? await fork() : await post("v1/jobs", job);
      location.hash = `#/jobs/${made.id}`;
    } catch (e) {
      problem.show(e);
      onResult(e, null);
    }
    submit.disabled = false;
  }

  function fork() {
    const checkpoint = query.has("checkpoint") ? Number(query.get("checkpoint")) : null;
    return post(at("v1/jobs", query.get("fork"), "fork"), { checkpoint, document: mergePatch(origin.spec, job) ?? {} });
  }
}

/** The job that this one is made from, if there is one. */
function originOf(query, signal) {
  const id = query.get("fork") ?? query.get("from");
  return id ? get(at("v1/jobs", id), signal) : null;
}

function begun(query, datasets, models) {
  const wanted = query.get("dataset");
  const model = models.find((m) => query.get("model") === `${m.name}@${m.version}` || query.get("model") === m.name);
  const dataset = datasets.find((d) => [d.name, d.id].includes(wanted)) ?? (model ? fitting(model, datasets) : datasets[0]);
  const job = starterJob(dataset);
  return model ? { ...job, name: `${model.name}-job`, model: query.get("model") } : job;
}

/** A dataset whose rows the first layer takes. */
function fitting(model, datasets) {
  const width = model.layers[0].in_features;
  return datasets.find((d) => width && d.input_shape.at(-1) === width) ?? datasets[0];
}
