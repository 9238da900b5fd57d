import { h, svg } from "./dom.js";

// A state is told by a word and a shape; its colour only helps.
const STATES = {
  queued: ["wait", "clock"],
  starting: ["active", "ring"],
  running: ["active", "ring"],
  pausing: ["wait", "pause"],
  paused: ["wait", "pause"],
  cancelling: ["still", "slash"],
  cancelled: ["still", "slash"],
  succeeded: ["good", "check"],
  failed: ["bad", "cross"],
};

const PATHS = {
  clock: ["M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18", "M12 7v5l3 2"],
  pause: ["M9 6v12", "M15 6v12"],
  slash: ["M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18", "M6 18L18 6"],
  check: ["M5 12.5l4.5 4.5L19 7"],
  cross: ["M6 6l12 12", "M18 6L6 18"],
  ring: ["M12 3a9 9 0 1 1-8.5 6"],
  sun: ["M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8", "M12 2v2M12 20v2M4 12H2M22 12h-2M5 5l1.4 1.4M17.6 17.6L19 19M19 5l-1.4 1.4M6.4 17.6L5 19"],
  moon: ["M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z"],
  half: ["M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18", "M12 3v18"],
  up: ["M6 14l6-6 6 6"],
  down: ["M6 10l6 6 6-6"],
  plus: ["M12 5v14M5 12h14"],
  minus: ["M5 12h14"],
  whole: ["M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"],
  load: ["M12 4v11M7 11l5 5 5-5M5 20h14"],
};

export function glyph(name) {
  return svg(
    "svg",
    { class: "glyph", viewBox: "0 0 24 24", "aria-hidden": "true" },
    PATHS[name].map((d) => svg("path", { d, class: name === "ring" ? "turning" : null })),
  );
}

/** The class of colour that a state has. */
export function tone(state) {
  return (STATES[state] ?? ["still"])[0];
}

export const STATE_NAMES = Object.keys(STATES);

export function badge(state) {
  const [colour, shape] = STATES[state] ?? ["still", "clock"];
  return h("span", { class: `state ${colour}`, "data-state": state }, glyph(shape), state);
}

/** A reason in words; null where the state says it already. */
export function reason(job) {
  const known = {
    early_stopped: "stopped early",
    deadline_exceeded: "out of time",
    diverged: "diverged",
    out_of_memory: "out of memory",
    data_error: "data error",
    device_unavailable: "no such device",
    native_crash: "runner crashed",
    lease_expired: "server lost",
  };
  return job.reason in known ? known[job.reason] : null;
}

/** What the progress of a job is, as an element that `update` keeps. */
export function progress(label) {
  const element = h("div", {
    class: "progress", role: "progressbar", "aria-label": label, "aria-valuemin": "0", "aria-valuemax": "100",
  });
  return {
    element,
    update(job) {
      const done = Math.floor(job.progress * 1000) / 10;
      element.className = `progress ${tone(job.state)}`;
      element.style.setProperty("--done", `${done}%`);
      element.setAttribute("aria-valuenow", String(Math.floor(done)));
    },
  };
}
