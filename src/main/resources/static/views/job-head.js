import { h, replace, text } from "../app/dom.js";
import { ago, count, duration, elapsed, number, percent, short, when } from "../app/format.js";
import { badge, progress, reason } from "../app/states.js";
import { jobActions } from "./job-actions.js";

const FACTS = ["epoch", "elapsed", "left", "rate", "speed", "best epoch", "seed", "device", "attempt"];

/** Name, state, progress and the facts of a job. */
export function jobHead({ onChange, signal }) {
  const name = h("h1", { tabindex: "-1" });
  const state = h("span", { class: "row-state" });
  const under = h("p", { class: "faint head-under" });
  const bar = progress("Progress");
  const actions = jobActions({ onChange, signal });
  const problem = h("p", { class: "notice", hidden: true });
  const facts = new Map(FACTS.map((fact) => [fact, { part: h("div"), value: h("dd") }]));
  for (const [fact, { part, value }] of facts) {
    part.append(h("dt", {}, fact), value);
  }
  const element = h("header", { class: "stack head" },
    h("p", { class: "faint" }, h("a", { href: "#/jobs" }, "Jobs"), " /"),
    h("div", { class: "bar" },
      h("div", { class: "fill head-title" }, h("div", { class: "bar" }, name, state), under),
      actions.element),
    problem,
    h("div", { class: "card padded stack" },
      bar.element,
      h("dl", { class: "facts" }, [...facts.values()].map((fact) => fact.part))));
  let shown = null;

  return {
    element,
    update(job, latest) {
      text(name, job.name);
      if (shown?.state !== job.state || shown?.reason !== job.reason || shown?.phase !== job.phase) {
        const phase = job.phase && job.phase !== "training" ? job.phase.replace("_", " ") : null;
        const said = reason(job) ?? (phase === job.state ? null : phase);
        replace(state, badge(job.state), said ? h("span", { class: "soft" }, said) : null);
      }
      if (!shown) {
        replace(under, h("code", {}, job.id), h("span", { title: when(job.created_at) }, `submitted ${ago(job.created_at)}`), lineage(job),
          Object.entries(job.spec.tags ?? {}).map(([tag, value]) => h("span", { class: "tag" }, `${tag}=${value}`)));
      }
      problem.hidden = !job.error;
      text(problem, job.error?.detail);
      bar.update(latest && !job.terminal ? { ...job, progress: Math.max(job.progress, latest.epoch / job.epochs) } : job);
      actions.update(job);
      tell(job, latest);
      shown = job;
    },
  };

  function tell(job, latest) {
    const epoch = Math.max(job.epoch, latest?.epoch ?? 0);
    set("epoch", `${count(epoch)} / ${count(job.epochs)}`, percent(job.terminal ? job.progress : Math.max(job.progress, epoch / job.epochs)));
    set("elapsed", job.started_at ? duration(elapsed(job)) : null);
    set("left", left(job));
    set("rate", latest ? number(latest.lr) : null);
    set("speed", latest?.samples_per_second ? `${short(latest.samples_per_second)} rows/s` : null);
    set("best epoch", job.best_epoch ? count(job.best_epoch) : null);
    set("seed", String(job.seed));
    set("device", job.device);
    set("attempt", job.attempt > 1 ? String(job.attempt) : null);
  }

  function set(fact, value, more) {
    const { part, value: element } = facts.get(fact);
    part.hidden = value === null;
    text(element, value === null ? "" : value + (more ? ` · ${more}` : ""));
  }
}

function left(job) {
  if (job.queue_position) {
    return job.queue_position === 1 ? "next in the queue" : `number ${count(job.queue_position)} in the queue`;
  }
  if (job.terminal || !job.estimated_finish_at) {
    return null;
  }
  return duration(Math.max(1, Math.round((Date.parse(job.estimated_finish_at) - Date.now()) / 1000)));
}

/** Where a forked or repeated job comes from. */
function lineage(job) {
  const from = job.lineage;
  if (!from?.job) {
    return null;
  }
  const at = from.checkpoint ? `, epoch ${from.checkpoint}` : "";
  return h("span", {}, `${from.kind} of `, h("a", { href: `#/jobs/${from.job}` }, from.job), at);
}
