import { freshId, h } from "./dom.js";

/**
 * Tabs of [{name, label, show(panel)}]; a panel is made when it is first seen. `wanted` is shown first, also if it is
 * added later and nobody has chosen by then.
 */
export function tabs(label, list, wanted) {
  const bar = h("div", { class: "tabs", role: "tablist", "aria-label": label });
  const panels = h("div");
  const entries = [];
  let selected = null;
  let chosen = false;
  list.forEach((tab) => add(tab));
  if (!selected) {
    select(entries[0]);
  }
  bar.addEventListener("keydown", move);

  function add({ name, label: text, show }, at = entries.length) {
    const panel = h("div", { role: "tabpanel", id: freshId("panel"), tabindex: "0", hidden: true });
    const tab = h("button", {
      type: "button", role: "tab", id: freshId("tab"), "aria-controls": panel.id, "aria-selected": "false", tabindex: "-1",
      on: { click: () => choose(entry) },
    }, text);
    panel.setAttribute("aria-labelledby", tab.id);
    const entry = { name, tab, panel, show, made: false };
    entries.splice(at, 0, entry);
    bar.insertBefore(tab, bar.children[at] ?? null);
    panels.append(panel);
    if (name === wanted && !chosen) {
      select(entry);
    }
  }

  function choose(entry) {
    chosen = true;
    select(entry);
  }

  function select(entry) {
    for (const { tab, panel, name } of entries) {
      const on = name === entry.name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      panel.hidden = !on;
    }
    selected = entry;
    if (!entry.made) {
      entry.made = true;
      entry.show(entry.panel);
    }
  }

  function move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      const next = entries[(entries.indexOf(selected) + step + entries.length) % entries.length];
      choose(next);
      next.tab.focus();
    }
  }

  return {
    element: h("section", { class: "card tabbed", "aria-label": label }, bar, panels),
    add,
    selected: () => selected.name,
  };
}
