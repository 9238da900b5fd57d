import { h, replace } from "../app/dom.js";
import { all, at, remove } from "../app/api.js";
import { repeat } from "../app/time.js";
import { count, when } from "../app/format.js";
import { table } from "../app/parts.js";
import { confirm, problemPlace } from "../app/dialog.js";

const REFRESH_MS = 3000;

/** The models that are served under names. */
export async function show({ mount, signal }) {
  const list = h("div", { class: "card padded" });
  const problem = problemPlace();
  let shown;
  const load = async () => update(await all("v1/deployments", signal));
  mount(h("div", { class: "stack" }, h("h1", { tabindex: "-1" }, "Deployments"), problem.element, list));
  await repeat(load, () => REFRESH_MS, signal);

  function update(deployments) {
    const told = JSON.stringify(deployments);
    if (told === shown) {
      return; // a button that has the focus keeps it
    }
    shown = told;
    replace(list, deployments.length === 0
      ? h("div", { class: "empty" }, h("p", {}, "No model is deployed. A job that has trained can be, in its tab “Predict”."), h("p", {}, h("a", { href: "#/jobs" }, "See the jobs")))
      : table(["Name", "State", "Job", "Epoch", "Revision", "Served at", "Since", ""], deployments.map(row)));
  }

  function row(deployment) {
    return [
      h("strong", {}, deployment.name),
      state(deployment),
      h("a", { href: `#/jobs/${deployment.job}` }, deployment.job),
      count(deployment.epoch),
      count(deployment.revision),
      h("code", {}, `${deployment.url}/infer`),
      when(deployment.updated_at),
      h("button", { type: "button", class: "small danger", "aria-label": `End ${deployment.name}`, on: { click: () => end(deployment.name) } }, "End"),
    ];
  }

  async function end(name) {
    problem.clear();
    if (await confirm("End this deployment?", `Requests to ${name} are refused from then on. The job stays.`, "End it")) {
      try {
        await remove(at("v1/deployments", name));
        await load();
      } catch (e) {
        if (!signal.aborted) {
          problem.show(e);
        }
      }
    }
  }
}

function state({ state: name, loaded, error }) {
  if (name === "failed") {
    return h("span", { class: "wrong", title: error }, "failed");
  }
  return name === "ready" && !loaded ? "ready (loads with the next request)" : name;
}
