import { h, keyed, replace, say, text } from "../app/dom.js";
import { at, get } from "../app/api.js";
import { repeat } from "../app/time.js";
import { jobRow } from "./job-row.js";

const LIVE_ROWS = 2;
const BUSY_MS = 2000;
const IDLE_MS = 5000;
const SEARCHES = 5;
const STATES = ["running", "queued", "paused", "succeeded", "failed", "cancelled"];

/** The jobs, newest first. */
export async function show({ mount, query, signal }) {
  const state = query.get("state") ?? "";
  const words = query.get("q") ?? "";
  const after = query.get("after") ?? "";
  const chosen = new Set();
  const rows = new Map();
  const list = h("ul", { class: "card rows" });
  const under = h("div", { class: "bar pages" });
  const compare = h("div", { class: "choice card", hidden: true });
  const note = h("p", { class: "faint" });
  mount(
    h("div", { class: "stack" },
      h("div", { class: "bar" }, h("h1", { class: "fill", tabindex: "-1" }, "Jobs"), search(words, state)),
      filters(state, words),
      note,
      list,
      under,
      compare));

  let busy = true;
  await repeat(load, () => (busy ? BUSY_MS : IDLE_MS), signal);

  async function load() {
    const page = await find({ state, words, after, signal });
    busy = page.data.some((job) => !job.terminal);
    keyed(list, rows, page.data, (job) => job.id, (job) => jobRow(job, { chosen, onChoice, signal }));
    for (const id of chosen) {
      if (!rows.has(id)) {
        chosen.delete(id);
      }
    }
    let live = 0;
    for (const row of rows.values()) {
      const on = row.running && live < LIVE_ROWS;
      row.live(on);
      live += on ? 1 : 0;
    }
    list.hidden = page.data.length === 0;
    const onlyOlder = page.data.length === 0 && page.next_cursor !== null;
    text(note, onlyOlder ? "None of the newest jobs is like that; there are older ones." : "");
    note.hidden = !onlyOlder;
    replace(under, page.data.length === 0 && !onlyOlder ? nothing(state || words || after) : pages(page, after));
    showChoice();
  }

  function onChoice(id, on) {
    if (on) {
      chosen.add(id);
    } else {
      chosen.delete(id);
    }
    showChoice();
  }

  function showChoice() {
    compare.hidden = chosen.size === 0;
    if (chosen.size === Number(compare.dataset.size ?? 0)) {
      return;
    }
    compare.dataset.size = chosen.size;
    const ids = [...chosen].join(",");
    replace(compare,
      h("span", {}, chosen.size === 1 ? "1 job chosen; choose another to compare" : `${chosen.size} jobs chosen`),
      chosen.size > 1 ? h("a", { class: "button primary small", href: `#/compare?jobs=${ids}` }, "Compare") : null,
      h("button", { type: "button", class: "small", on: { click: clear } }, "Clear"));
    say(`${chosen.size} chosen`);
  }

  function clear() {
    chosen.clear();
    rows.forEach((row) => row.choose(false));
    showChoice();
  }

  function pages(page, from) {
    return [
      from ? h("a", { class: "button small", href: address({ state, words }) }, "← Newest") : null,
      from ? h("button", { type: "button", class: "small", on: { click: () => history.back() } }, "Back") : null,
      page.next_cursor ? h("a", { class: "button small", href: address({ state, words, after: page.next_cursor }) }, "Older →") : null,
    ];
  }
}

/** A page of jobs: of a state, of a tag as name=value, of one id, or with a text in their names. */
async function find({ state, words, after, signal }) {
  if (/^job_[0-9a-z]{26}$/.test(words)) {
    const job = await get(at("v1/jobs", words), signal).catch((e) => {
      if (e.status !== 404) {
        throw e;
      }
    });
    return { data: job ? [job] : [], next_cursor: null };
  }
  const parameters = new URLSearchParams();
  if (state) {
    parameters.set("state", state);
  }
  const [, tag, value] = words.match(/^([^=\s]+)=(.*)$/) ?? [];
  if (tag) {
    parameters.set(`tag.${tag}`, value);
  } else if (words) {
    parameters.set("name", words);
  }
  if (after) {
    parameters.set("after", after);
  }
  let page = await get(`v1/jobs?${parameters}`, signal);
  // A search for a name looks at some thousand jobs at a time.
  for (let i = 1; i < SEARCHES && page.data.length === 0 && page.next_cursor; i += 1) {
    parameters.set("after", page.next_cursor);
    page = await get(`v1/jobs?${parameters}`, signal);
  }
  return page;
}

function address(parameters) {
  const query = new URLSearchParams();
  const names = { state: "state", words: "q", after: "after" };
  for (const [name, value] of Object.entries(parameters)) {
    if (value) {
      query.set(names[name], value);
    }
  }
  return `#/jobs${query.size ? `?${query}` : ""}`;
}

function filters(state, words) {
  return h("nav", { class: "chips", "aria-label": "Filter by state" },
    ["", ...STATES].map((name) =>
      h("a", { href: address({ state: name, words }), "aria-current": name === state ? "true" : null }, name || "all")));
}

function search(words, state) {
  const input = h("input", {
    type: "search", name: "q", value: words, placeholder: "Name, or tag as team=vision", "aria-label": "Search by name, or by tag as name=value",
  });
  return h("form", {
    role: "search",
    on: {
      submit: (event) => {
        event.preventDefault();
        location.hash = address({ state, words: input.value.trim() });
      },
    },
  }, input);
}

function nothing(filtered) {
  return h("div", { class: "empty card wide" },
    filtered
      ? [h("p", {}, "No job is like that."), h("p", {}, h("a", { href: "#/jobs" }, "Show all jobs"))]
      : [h("h2", {}, "The yard is quiet"), h("p", {}, "No job has been submitted yet."), h("p", {}, h("a", { class: "button primary", href: "#/new" }, "Train something"))]);
}
