import { h, replace } from "../app/dom.js";
import { at, put } from "../app/api.js";
import { clearErrors, field, placeErrors } from "../forms/fields.js";

/** Gives the model a name under which it is served; `checkpoint` tells which state of it. */
export function deployForm(job, checkpoint) {
  const name = h("input", { required: true, maxlength: "100", pattern: "[A-Za-z0-9][A-Za-z0-9._\\-]*", title: "Letters, digits, dots, dashes and underscores", spellcheck: "false", value: suggestion(job.name) });
  const done = h("p", { role: "status" });
  const form = h("form", { class: "stack deploy", "aria-label": "Deploy", on: { submit: deploy } },
    h("h2", {}, "Deploy"),
    field("/name", "Name", name, "The state chosen above is served under this name by the Open Inference Protocol, in the place of what was served before."),
    h("div", { class: "bar" }, h("button", {}, "Deploy"), done));
  return form;

  async function deploy(event) {
    event.preventDefault();
    clearErrors(form);
    replace(done, "Loading the model…");
    try {
      const { url, revision } = await put(at("v1/deployments", name.value.trim()), { job: job.id, checkpoint: checkpoint() });
      replace(done, "Served at ", h("code", {}, url), `, revision ${revision}. `, h("a", { href: "#/deployments" }, "See the deployments"));
    } catch (e) {
      replace(done);
      placeErrors(form, e);
    }
  }
}

/** The job's name as far as it may be a deployment's. */
function suggestion(name) {
  return name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "").slice(0, 100);
}
