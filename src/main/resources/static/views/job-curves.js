import { h, text } from "../app/dom.js";
import { count, loss, number } from "../app/format.js";
import { key, tool } from "../app/parts.js";
import { indexOf, sample } from "../charts/sample.js";
import { plot } from "../charts/plot.js";

const TRAIN = { column: "train_loss", name: "train loss", colour: "--curve-train", width: 2 };
const VALIDATION = { column: "validation_loss", name: "validation loss", colour: "--curve-validation", width: 2, dash: [7, 4] };
const RATE = { column: "lr", name: "learning rate", colour: "--curve-rate", width: 1.5 };
const METRIC_COLOURS = ["--curve-metric", "--curve-4", "--curve-6"];

/** Loss, metrics and learning rate of a job, one below the other over the same epochs. */
export function jobCurves(job, signal) {
  const metrics = (job.spec.metrics ?? []).map((column, i) => ({ column, name: column, colour: METRIC_COLOURS[i % 3], width: 2 }));
  const losses = job.spec.validation ? [TRAIN, VALIDATION] : [TRAIN];
  const panels = [
    { title: "Loss", curves: losses, height: 300, log: true },
    ...(metrics.length > 0 ? [{ title: metrics.map((m) => m.name).join(", "), curves: metrics, height: 150 }] : []),
    { title: "Learning rate", curves: [RATE], height: 110, axis: true },
  ].map((panel) => ({ ...panel, place: h("div", { class: "plot", role: "img" }) }));
  const legend = new Map([...losses, ...metrics].map((curve) => [curve, h("dd")]));
  const epoch = h("span", { class: "faint" });
  const note = h("p", { class: "faint", hidden: true });
  const blank = h("p", { class: "empty" }, "The curves begin with the first epoch.");
  const body = h("div", { class: "panels", hidden: true }, panels.map((panel) => h("figure", {}, h("figcaption", { class: "faint" }, panel.title), panel.place)));
  const logarithmic = h("button", { type: "button", class: "small", "aria-pressed": "false", on: { click: toggleLog } }, "Log scale");
  const element = h("section", { class: "card padded stack curves", "aria-label": "Curves" },
    h("div", { class: "bar" },
      h("dl", { class: "legend fill" }, [...legend].map(([curve, value]) => h("div", {}, h("dt", {}, key(curve), curve.name), value))),
      epoch,
      h("div", { class: "bar tools" },
        logarithmic,
        tool("plus", "Zoom in", () => zoomBy(0.5)),
        tool("minus", "Zoom out", () => zoomBy(2)),
        tool("whole", "Show all epochs", () => zoom(null)))),
    blank, body, note);
  signal.addEventListener("abort", clear);
  let history = null;
  let log = false;
  let range = null;
  let best = null;
  let cursor = null;

  function clear() {
    panels.forEach((panel) => {
      panel.chart?.destroy();
      panel.chart = null;
    });
  }

  function draw(next, nextJob = null) {
    history = next;
    best = nextJob ? nextJob.best_epoch : best;
    if (history.length === 0 || signal.aborted) {
      return;
    }
    blank.hidden = true;
    body.hidden = false;
    const x = history.column("epoch");
    const [from, to] = range ?? [x[0], history.lastEpoch];
    // One more on each side, so that lines go on to the edge.
    const first = Math.max(0, indexOf(x, history.length, from) - 1);
    const last = Math.min(history.length, indexOf(x, history.length, to) + 2);
    for (const panel of panels) {
      panel.chart ??= make(panel);
      const columns = panel.curves.map((curve) => history.column(curve.column));
      const data = sample(x, columns, first, last, Math.floor(panel.chart.width() / 2));
      panel.chart.draw(log && panel.log ? positive(data) : data, from, to);
      panel.place.setAttribute("aria-label", describe(panel));
    }
    note.hidden = history.stride === 1;
    text(note, history.stride === 1 ? "" : `Every ${count(history.stride)}th epoch is drawn; all are in the metrics.`);
    values();
  }

  function make(panel) {
    return plot(panel.place, {
      curves: panel.curves,
      height: panel.height,
      bare: !panel.axis,
      log: log && panel.log,
      group: `job-${job.id}`,
      mark: panel.axis ? null : () => best,
      onCursor: (at) => {
        cursor = at;
        values();
      },
      onSelect: (from, to) => zoom([from, to]),
      onReset: () => zoom(null),
    });
  }

  /** The numbers under the cursor, else the newest. */
  function values() {
    const i = cursor === null ? -1 : indexOf(history.column("epoch"), history.length, cursor);
    for (const [curve, value] of legend) {
      const newest = history.latest[curve.column] ?? history.latest.metrics?.[curve.column];
      text(value, (curve.column.endsWith("loss") ? loss : number)(i < 0 ? newest : history.column(curve.column)[i]));
    }
    text(epoch, cursor === null ? "" : `epoch ${count(cursor)}`);
  }

  function zoom(next) {
    const whole = [history.column("epoch")[0], history.lastEpoch];
    const [from, to] = next ?? whole;
    const low = Math.max(whole[0], from);
    const high = Math.min(whole[1], to);
    range = next === null || high - low < 1 || (low === whole[0] && high === whole[1]) ? null : [low, high];
    draw(history);
  }

  function zoomBy(factor) {
    if (!history?.length) {
      return;
    }
    const [from, to] = range ?? [history.column("epoch")[0], history.lastEpoch];
    const middle = (from + to) / 2;
    const half = Math.max(1, ((to - from) / 2) * factor);
    zoom([middle - half, middle + half]);
  }

  function toggleLog() {
    log = !log;
    logarithmic.setAttribute("aria-pressed", String(log));
    restyle(history);
  }

  function restyle(next) {
    clear();
    if (next) {
      draw(next);
    }
  }

  function describe(panel) {
    const told = panel.curves.map((curve) => {
      const column = history.column(curve.column);
      return `${curve.name} from ${number(column[0])} to ${number(column[history.length - 1])}`;
    });
    return `${panel.title} over ${count(history.lastEpoch)} epochs: ${told.join(", ")}`;
  }

  return { element, draw, restyle };
}

/** A logarithm has no place for what is not above 0. */
function positive([x, ...curves]) {
  return [x, ...curves.map((curve) => curve.map((v) => (v > 0 ? v : null)))];
}
