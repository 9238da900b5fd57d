import { h, replace } from "../app/dom.js";
import { Offline, Problem, post } from "../app/api.js";
import { settled } from "../app/time.js";
import { bytes, count, shape } from "../app/format.js";
import { glyph } from "../app/states.js";

const REST_MS = 350;

/**
 * Lets the server check a job document whenever it has changed: the whole as a dry run, and the layers for their shapes.
 *
 * @param onResult called with (problem or null, summary of the layers or null)
 */
export function checker({ document, inputShape, onResult, signal }) {
  const element = h("div", { class: "check-result", role: "status" });
  let running = null;
  signal.addEventListener("abort", () => running?.abort());

  const start = settled(async () => {
    running?.abort();
    running = new AbortController();
    const { signal: own } = running;
    const job = document();
    if (job === undefined) {
      replace(element, line("cross", "bad", "This is no JSON."));
      return;
    }
    try {
      const [estimate, summary] = await Promise.all([outcome(post("v1/jobs?dry_run=true", job, { signal: own })), layers(job, own)]);
      if (!own.aborted) {
        tell(estimate);
        onResult(estimate instanceof Problem ? estimate : null, summary);
      }
    } catch (e) {
      if (!own.aborted && !(e instanceof Offline)) {
        throw e;
      }
    }
  }, REST_MS, signal);

  async function layers(job, own) {
    if (!Array.isArray(job.model?.layers) || job.model.layers.length === 0) {
      return null;
    }
    const input_shape = job.model.input_shape ?? inputShape(job);
    const summary = await outcome(post("v1/models/validate", { layers: job.model.layers, ...(input_shape ? { input_shape } : {}) }, { signal: own }));
    return summary instanceof Problem ? null : summary;
  }

  function tell(estimate) {
    if (estimate instanceof Problem) {
      const places = estimate.errors.length;
      replace(element, line("cross", "bad", places > 1 ? `${places} things are not right yet` : estimate.message));
      return;
    }
    replace(element,
      line("check", "good", "Ready to train"),
      h("dl", { class: "estimate" }, Object.entries({
        parameters: `${count(estimate.parameters)} (${bytes(estimate.bytes)})`,
        input: shape(estimate.input_shape),
        output: shape(estimate.output_shape),
        rows: count(estimate.rows),
        "steps per epoch": count(estimate.steps_per_epoch),
        steps: count(estimate.steps),
      }).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))));
  }

  return { element, start };
}

/** The answer, or the problem as a value. */
async function outcome(answer) {
  try {
    return await answer;
  } catch (e) {
    if (e instanceof Problem) {
      return e;
    }
    throw e;
  }
}

function line(picture, tone, text) {
  return h("p", { class: `verdict ${tone}` }, glyph(picture), h("span", {}, text));
}
