import { h, replace } from "../app/dom.js";
import { at, post, remove, serves } from "../app/api.js";
import { confirm, problemPlace } from "../app/dialog.js";

const ENDING = ["cancelling"];

/** The buttons that a job's state allows, of those that the server has. */
export function jobActions({ onChange, signal }) {
  const buttons = h("div", { class: "bar" });
  const problem = problemPlace();
  const element = h("div", { class: "head-actions" }, buttons, problem.element);
  let served = new Set();
  let job = null;
  let made = null;
  Promise.all(["pause", "resume", "fork", "rerun"].map(async (name) => ((await serves(`/v1/jobs/{id}/${name}`)) ? name : null)))
    .then((names) => {
      served = new Set(names);
      made = null;
      show();
    });

  function show() {
    if (!job || made === job.state) {
      return;
    }
    made = job.state;
    const active = !job.terminal && !ENDING.includes(job.state);
    replace(buttons,
      active && !["paused", "pausing"].includes(job.state) ? command("pause", "Pause") : null,
      ["paused", "failed", "cancelled"].includes(job.state) ? command("resume", "Resume") : null,
      served.has("fork") && job.state !== "queued" ? h("a", { class: "button", href: `#/new?fork=${job.id}` }, "Fork") : null,
      h("a", { class: "button", href: `#/new?from=${job.id}` }, "Edit and train"),
      job.terminal ? command("rerun", "Rerun", (next) => { location.hash = `#/jobs/${next.id}`; }) : null,
      active ? h("button", { type: "button", class: "danger", on: { click: cancel } }, "Cancel") : null,
      job.terminal ? h("button", { type: "button", class: "danger", on: { click: forget } }, "Delete") : null);
  }

  function command(name, label, then = onChange) {
    return served.has(name) ? h("button", { type: "button", on: { click: () => act(() => post(at("v1/jobs", job.id, name)), then) } }, label) : null;
  }

  async function cancel() {
    if (await confirm("Cancel this job?", `${job.name} stops within the next steps.`, "Cancel the job")) {
      await act(() => post(at("v1/jobs", job.id, "cancel")), onChange);
    }
  }

  async function forget() {
    if (await confirm("Delete this job?", `${job.name} is removed with its epochs, artifacts and logs.`, "Delete")) {
      await act(() => remove(at("v1/jobs", job.id)), () => {
        location.hash = "#/jobs";
      });
    }
  }

  async function act(call, then) {
    problem.clear();
    try {
      then(await call());
    } catch (e) {
      if (!signal.aborted) {
        problem.show(e);
      }
    }
  }

  return {
    element,
    update(next) {
      job = next;
      show();
    },
  };
}
