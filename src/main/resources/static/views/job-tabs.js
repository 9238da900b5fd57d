import { h, replace, say, text } from "../app/dom.js";
import { at, get, request, serves, url } from "../app/api.js";
import { save } from "../app/save.js";
import { repeat } from "../app/time.js";
import { bytes, count, duration, when } from "../app/format.js";
import { coloured, whole } from "../app/code.js";
import { glyph } from "../app/states.js";
import { table } from "../app/parts.js";
import { tabs } from "../app/tabs.js";
import { predictPanel } from "./job-predict.js";

const LOG_CHARACTERS = 200_000;
const REFRESH_MS = 2500;

/** What a job has beside its curves: its document, attempts, log and files. */
export function jobTabs(job, wanted, signal) {
  const path = (...parts) => at("v1/jobs", job.id, ...parts);
  let terminal = job.terminal;
  let shown = job;
  const part = tabs("Details", [
    { name: "document", label: "Document", show: (panel) => documentPanel(panel, job) },
    { name: "artifacts", label: "Artifacts", show: (panel) => watched("artifacts", panel, async () => replace(panel, artifacts((await get(path("artifacts"), signal)).data, job))) },
    { name: "attempts", label: "Attempts", show: (panel) => watched("attempts", panel, async () => replace(panel, attempts((await get(path("attempts"), signal)).data))) },
    { name: "log", label: "Log", show: (panel) => watched("log", panel, logPanel(panel, path("logs"), signal)) },
  ], wanted);
  offer("/v1/jobs/{id}/checkpoints", {
    name: "checkpoints", label: "Checkpoints",
    show: (panel) => watched("checkpoints", panel, async () => replace(panel, checkpoints((await get(path("checkpoints"), signal)).data, job))),
  });
  offer("/v1/jobs/{id}/predict", { name: "predict", label: "Predict", show: (panel) => predictPanel(panel, job, () => shown) });

  async function offer(route, tab) {
    if (await serves(route) && !signal.aborted) {
      part.add(tab);
    }
  }

  /** Loads a panel, and again while it is looked at and the job lives. */
  async function watched(name, panel, load) {
    let last = false;
    await null; // the first tab is shown while `part` is being made
    repeat(async () => {
      if (!last && part.selected() === name) {
        last = terminal;
        try {
          await load();
        } catch (e) {
          if (!signal.aborted) {
            replace(panel, h("p", { class: "notice" }, e.message));
          }
        }
      }
    }, () => REFRESH_MS, signal);
  }

  return {
    element: part.element,
    update(next) {
      shown = next;
      terminal = next.terminal;
    },
  };
}

function documentPanel(panel, job) {
  const source = whole(job.spec);
  const copy = h("button", { type: "button", class: "small", on: { click: copied } }, "Copy");
  async function copied() {
    await navigator.clipboard.writeText(source);
    text(copy, "Copied");
    say("Copied");
  }
  replace(panel,
    h("div", { class: "bar" },
      h("p", { class: "soft fill" }, "What was submitted, with the values of what was left out."),
      navigator.clipboard ? copy : null),
    h("pre", { class: "code", tabindex: "0", "aria-label": "Job document" }, coloured(source)));
}

function artifacts(files, job) {
  if (files.length === 0) {
    return h("p", { class: "empty" }, "Files appear here when the job has trained.");
  }
  return table(["Name", "Size", "SHA-256", ""], files.map((file) => [
    h("strong", {}, file.name),
    bytes(file.bytes),
    h("code", { title: file.sha256 }, file.sha256 ? `${file.sha256.slice(0, 12)}…` : "–"),
    h("a", {
      class: "button small", download: file.name, "aria-label": `Download ${file.name}`,
      href: url(at("v1/jobs", job.id, "artifacts", file.name)),
      on: { click: (event) => save(event, at("v1/jobs", job.id, "artifacts", file.name), file.name, (e) => say(e.message)) },
    }, glyph("load"), "Download"),
  ]));
}

function attempts(list) {
  if (list.length === 0) {
    return h("p", { class: "empty" }, "The job has not been started yet.");
  }
  return table(["Attempt", "State", "Began", "Took", "Device", "Exit code"], list.map((attempt) => [
    String(attempt.attempt),
    attempt.outcome ?? attempt.state,
    when(attempt.started_at),
    duration(((attempt.ended_at ? Date.parse(attempt.ended_at) : Date.now()) - Date.parse(attempt.started_at)) / 1000),
    attempt.device ?? "–",
    attempt.exit_code === null ? "–" : String(attempt.exit_code),
  ]));
}

function checkpoints(list, job) {
  if (list.length === 0) {
    return h("p", { class: "empty" }, "There is no checkpoint yet.");
  }
  return table(["Epoch", "Size", "Saved", "Cause", ""], list.map((checkpoint) => [
    h("strong", {}, count(checkpoint.epoch), checkpoint.row > 0 ? ` + ${count(checkpoint.row)} rows` : "", checkpoint.best ? " (best)" : ""),
    bytes(checkpoint.bytes),
    when(checkpoint.created_at),
    checkpoint.cause ?? "–",
    h("a", { class: "button small", href: `#/new?fork=${job.id}&checkpoint=${checkpoint.epoch}`, "aria-label": `Fork from epoch ${checkpoint.epoch}` }, "Fork"),
  ]));
}

/** The end of the log; it stays at its end while the reader is there. */
function logPanel(panel, path, signal) {
  const lines = h("pre", { class: "code log", tabindex: "0", "aria-label": "Log" });
  const note = h("p", { class: "faint" });
  replace(panel, note, lines);
  return async () => {
    const response = await request(path, { signal });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let log = "";
    let length = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      length += part.value.length;
      log = (log + part.value).slice(-LOG_CHARACTERS);
    }
    const atEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 30;
    text(note, length > log.length ? "The end of the log:" : length === 0 ? "Nothing has been written yet." : "");
    lines.hidden = length === 0;
    text(lines, log);
    if (atEnd) {
      lines.scrollTop = lines.scrollHeight;
    }
  };
}
