import { h, say } from "../app/dom.js";
import { at, get } from "../app/api.js";
import { repeat } from "../app/time.js";
import { onTheme } from "../app/theme.js";
import { follow } from "../app/follow.js";
import { historyOf, load } from "../charts/load.js";
import { jobHead } from "./job-head.js";
import { jobCurves } from "./job-curves.js";
import { jobTabs } from "./job-tabs.js";

const REFRESH_MS = 2000;
const DRAW_MS = 80;

/** One job, live while it trains. */
export async function show({ mount, parameters: [id], query, signal, title }) {
  const path = at("v1/jobs", id);
  let job = await get(path, signal);
  let history = historyOf(job);
  let following = false;
  let due = false;
  title(job.name);

  const head = jobHead({ onChange: changed, signal });
  const curves = jobCurves(job, signal);
  const tabs = jobTabs(job, query.get("tab"), signal);
  const warnings = h("ul", { class: "stack warnings", hidden: true });
  mount( h("div", { class: "stack" }, head.element, warnings, curves.element, tabs.element));
  update();
  onTheme(() => curves.restyle(history), signal);

  await load(job, history, signal, draw);
  curves.draw(history, job);
  start();
  // Nothing happens any more to a job that has ended, unless it is resumed: then `changed` is called.
  repeat(async () => job.terminal || changed(await get(path, signal)), () => REFRESH_MS, signal);

  function changed(next) {
    const began = job.terminal && !next.terminal;
    const ended = !job.terminal && next.terminal;
    job = next;
    update();
    if (began) {
      start();
    }
    if (ended) {
      say(`${job.name} ${job.state}`);
      draw();
    }
  }

  function update() {
    head.update(job, history.latest);
    tabs.update(job);
  }

  function start() {
    if (job.terminal || following) {
      return;
    }
    following = true;
    // No event of an epoch has a lower number than its epoch.
    follow(id, history.lastEpoch, take, signal).finally(() => {
      following = false;
    });
  }

  function take(events) {
    for (const event of events) {
      if (event.type === "job.epoch") {
        history.add(event);
      } else if (event.type === "job.warning") {
        warn(event);
      }
    }
    if (events.some((event) => event.type === "job.state")) {
      get(path, signal).then(changed, () => {});
    }
    draw();
  }

  function warn(event) {
    warnings.hidden = false;
    warnings.append(h("li", { class: "notice calm" }, event.detail));
  }

  function draw() {
    if (due) {
      return;
    }
    due = true;
    setTimeout(() => {
      due = false;
      if (!signal.aborted) {
        curves.draw(history, job);
        head.update(job, history.latest);
      }
    }, DRAW_MS);
  }
}
