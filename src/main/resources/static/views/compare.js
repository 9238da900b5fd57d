import { h, replace, text } from "../app/dom.js";
import { at, get } from "../app/api.js";
import { follow } from "../app/follow.js";
import { repeat } from "../app/time.js";
import { onTheme } from "../app/theme.js";
import { count, duration, elapsed, loss, number } from "../app/format.js";
import { badge } from "../app/states.js";
import { historyOf, load } from "../charts/load.js";
import { overlay } from "../charts/overlay.js";
import { key } from "../app/parts.js";
import { differences } from "../app/difference.js";

const MOST = 8;
const REFRESH_MS = 2000;
const DASHES = [null, [8, 4], [2, 3], [10, 3, 2, 3]];

/** The curves of several jobs over one another, and what their documents have different. */
export async function show({ mount, query, signal, title }) {
  const ids = [...new Set((query.get("jobs") ?? "").split(",").filter(Boolean))].slice(0, MOST);
  if (ids.length < 2) {
    mount( h("div", { class: "empty card" }, h("h1", { tabindex: "-1" }, "Compare jobs"), h("p", {}, "Choose two or more in the ", h("a", { href: "#/jobs" }, "list of jobs"), ".")));
    return;
  }
  title("Compare");
  const jobs = await Promise.all(ids.map((id) => get(at("v1/jobs", id), signal)));
  const runs = jobs.map((job, i) => ({
    job,
    history: historyOf(job),
    curve: { name: job.name, colour: `--curve-${i + 1}`, dash: DASHES[i % DASHES.length], width: 1.9 },
    value: h("td", { class: "number" }),
    state: h("td"),
    epoch: h("td", { class: "number" }),
    took: h("td", { class: "number" }),
  }));
  let due = false;
  const quantity = h("th", { scope: "col", class: "number" });
  const chart = overlay(runs, signal, () => tell());
  mount(
    h("div", { class: "stack" },
      h("p", { class: "faint" }, h("a", { href: "#/jobs" }, "Jobs"), " /"),
      h("h1", { tabindex: "-1" }, `Compare ${jobs.length} jobs`),
      chart.element,
      legend(),
      documents(jobs)));
  onTheme(chart.restyle, signal);
  tell();
  await Promise.all(runs.map(async (run) => {
    await load(run.job, run.history, signal, draw);
    draw();
    if (!run.job.terminal) {
      follow(run.job.id, run.history.lastEpoch, (events) => {
        events.filter((event) => event.type === "job.epoch").forEach((event) => run.history.add(event));
        draw();
      }, signal);
    }
  }));
  repeat(async () => {
    for (const run of runs.filter((r) => !r.job.terminal)) {
      run.job = await get(at("v1/jobs", run.job.id), signal);
    }
    tell();
  }, () => REFRESH_MS, signal);

  function draw() {
    if (!due) {
      due = true;
      setTimeout(() => {
        due = false;
        if (!signal.aborted) {
          chart.draw();
          tell();
        }
      }, 100);
    }
  }

  function legend() {
    return h("div", { class: "card padded scroll" },
      h("table", {},
        h("thead", {}, h("tr", {}, ["Job", "State", "Epochs", "Took"].map((name, i) => h("th", { scope: "col", class: i > 1 ? "number" : null }, name)), quantity)),
        h("tbody", {}, runs.map((run) => h("tr", {},
          h("td", {}, h("span", { class: "legend-name" }, key(run.curve), h("a", { class: "row-link", href: `#/jobs/${run.job.id}` }, run.job.name))),
          run.state, run.epoch, run.took, run.value)))));
  }

  function tell() {
    text(quantity, chart.quantity());
    for (const run of runs) {
      if (run.state.dataset.state !== run.job.state) {
        run.state.dataset.state = run.job.state;
        replace(run.state, badge(run.job.state));
      }
      text(run.epoch, `${count(Math.max(run.job.epoch, run.history.lastEpoch))} / ${count(run.job.epochs)}`);
      text(run.took, duration(elapsed(run.job)));
      const value = chart.value(run);
      text(run.value, chart.isLoss() ? loss(value) : number(value));
    }
  }
}

function documents(jobs) {
  const rows = differences(jobs.map((job) => ({ ...job.spec, name: job.name })));
  const onlyOthers = h("input", { type: "checkbox", checked: true, on: { change: fill } });
  const body = h("tbody");
  const none = h("p", { class: "soft", hidden: true }, "The documents are the same.");
  fill();

  function fill() {
    const shown = rows.filter((row) => row.other || !onlyOthers.checked);
    none.hidden = shown.length > 0;
    replace(body, shown.map((row) => h("tr", { class: row.other ? "other" : null },
      h("th", { scope: "row", class: "mono" }, row.path),
      row.values.map((value) => h("td", {}, value ?? h("span", { class: "faint" }, "–"))))));
  }

  return h("section", { class: "card padded stack", "aria-label": "Documents" },
    h("div", { class: "bar" }, h("h2", { class: "fill" }, "Documents"), h("label", { class: "check" }, onlyOthers, "Only what differs")),
    none,
    h("div", { class: "scroll" },
      h("table", { class: "difference" },
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Member"), jobs.map((job) => h("th", { scope: "col" }, job.name)))),
        body)));
}
