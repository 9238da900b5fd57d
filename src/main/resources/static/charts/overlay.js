import uPlot from "../vendor/uplot.js";
import { h, text } from "../app/dom.js";
import { count, duration, number } from "../app/format.js";
import { tool } from "../app/parts.js";
import { indexOf, sample } from "./sample.js";
import { plot } from "./plot.js";

const POINTS = 700;
const NAMES = { train_loss: "train loss", validation_loss: "validation loss", lr: "learning rate", samples_per_second: "rows per second" };

/** One chart with a curve of each run ({job, history, curve}), of a quantity and over an x that can be chosen. */
export function overlay(runs, signal, onCursor) {
  const metrics = runs.flatMap((run) => run.job.spec.metrics ?? []);
  const quantity = select("Quantity", [...new Set(["train_loss", "validation_loss", ...metrics, "lr", "samples_per_second"])], (name) => NAMES[name] ?? name);
  const over = select("Over", ["epoch", "time"], (name) => (name === "time" ? "training time" : name));
  const logarithmic = h("button", { type: "button", class: "small", "aria-pressed": "false", on: { click: toggleLog } }, "Log scale");
  const place = h("div", { class: "plot", role: "img" });
  const under = h("span", { class: "faint" });
  const blank = h("p", { class: "empty" }, "No job has numbers of this yet.");
  const element = h("section", { class: "card padded stack curves", "aria-label": "Curves" },
    h("div", { class: "bar" },
      quantity.label, over.label, h("span", { class: "fill" }), under, logarithmic, tool("whole", "Show all", () => zoom(null))),
    place, blank);
  let chart = null;
  let log = false;
  let range = null;
  let cursor = null;
  signal.addEventListener("abort", clear);

  function select(label, values, name) {
    const input = h("select", { on: { change: again } }, values.map((value) => h("option", { value }, name(value))));
    return { label: h("label", { class: "beside" }, label, input), input };
  }

  function again() {
    range = null;
    restyle();
  }

  function toggleLog() {
    log = !log;
    logarithmic.setAttribute("aria-pressed", String(log));
    restyle();
  }

  function clear() {
    chart?.destroy();
    chart = null;
  }

  function restyle() {
    clear();
    draw();
  }

  function draw() {
    const name = quantity.input.value;
    const shown = runs.map(({ history }) => history.length > 0 && history.column(name) && history.has(name));
    blank.hidden = shown.some(Boolean);
    place.hidden = !blank.hidden;
    if (!blank.hidden || signal.aborted) {
      return;
    }
    const axis = over.input.value;
    const ends = runs.filter((_, i) => shown[i]).map(({ history }) => [history.column(axis)[0], history.column(axis)[history.length - 1]]);
    const [from, to] = range ?? [Math.min(...ends.map((e) => e[0])), Math.max(...ends.map((e) => e[1]))];
    chart ??= make();
    chart.draw(uPlot.join(runs.map(({ history }, i) => (shown[i] ? part(history, axis, name, from, to) : [[from], [null]]))), from, to);
    place.setAttribute("aria-label", `${NAMES[name] ?? name} of ${runs.map((run) => `${run.job.name}, at the end ${number(newest(run, name))}`).join("; ")}`);
  }

  function part(history, axis, name, from, to) {
    const x = history.column(axis);
    const first = Math.max(0, indexOf(x, history.length, from) - 1);
    const last = Math.min(history.length, indexOf(x, history.length, to) + 2);
    const [xs, ys] = sample(x, [history.column(name)], first, last, POINTS);
    return [xs, log ? ys.map((v) => (v > 0 ? v : null)) : ys];
  }

  function make() {
    return plot(place, {
      curves: runs.map((run) => run.curve),
      height: 380,
      x: over.input.value === "time" ? duration : undefined,
      log,
      onCursor: (x) => {
        cursor = x;
        text(under, x === null ? "" : over.input.value === "time" ? duration(x) : `epoch ${count(x)}`);
        onCursor();
      },
      onSelect: (from, to) => zoom([from, to]),
      onReset: () => zoom(null),
    });
  }

  function zoom(next) {
    range = next;
    draw();
  }

  function newest({ history }, name) {
    return history.latest?.[name] ?? history.latest?.metrics?.[name] ?? null;
  }

  return {
    element,
    draw,
    restyle,
    quantity: () => NAMES[quantity.input.value] ?? quantity.input.value,
    isLoss: () => quantity.input.value.endsWith("loss"),
    /** Of a run: the newest number, or that under the cursor. */
    value(run) {
      const name = quantity.input.value;
      const { history } = run;
      if (cursor === null || history.length === 0 || !history.column(name)) {
        return newest(run, name);
      }
      const i = indexOf(history.column(over.input.value), history.length, cursor);
      return i < history.length ? history.column(name)[i] : null;
    },
  };
}
