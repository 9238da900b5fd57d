import { h, svg } from "../app/dom.js";
import { number } from "../app/format.js";

const WIDTH = 132;
const HEIGHT = 34;
const MARGIN = 3;
const MOST = 120;

/** A small picture of a loss, for the eye only: the numbers stand beside it. */
export function sparkline() {
  const line = svg("polyline", { class: "spark-line" });
  const area = svg("polygon", { class: "spark-area" });
  // A line of no length: its round cap stays round however the picture is stretched.
  const dot = svg("path", { class: "spark-dot" });
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" }, area, line, dot);
  const element = h("div", { class: "spark" }, picture);
  let points = [];

  function draw() {
    const shown = points.filter((p) => Number.isFinite(p.loss));
    element.classList.toggle("blank", shown.length < 2);
    if (shown.length < 2) {
      return;
    }
    const losses = shown.map((p) => p.loss);
    const low = Math.min(...losses);
    const high = Math.max(...losses);
    // Where the loss falls through decades, only its logarithm shows how.
    const scale = low > 0 && high / low > 20 ? Math.log : (v) => v;
    const bottom = scale(low);
    const height = scale(high) - bottom || 1;
    const start = shown[0].epoch;
    const width = shown.at(-1).epoch - start || 1;
    const places = shown.map((p) => [
      MARGIN + ((WIDTH - 2 * MARGIN) * (p.epoch - start)) / width,
      HEIGHT - MARGIN - ((HEIGHT - 2 * MARGIN) * (scale(p.loss) - bottom)) / height,
    ]);
    const path = places.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
    line.setAttribute("points", path);
    area.setAttribute("points", `${MARGIN},${HEIGHT} ${path} ${WIDTH - MARGIN},${HEIGHT}`);
    const [x, y] = places.at(-1);
    dot.setAttribute("d", `M${x.toFixed(1)} ${y.toFixed(1)}h0`);
    element.title = `Training loss from ${number(shown[0].loss)} to ${number(shown.at(-1).loss)}`;
  }

  return {
    element,
    /** Takes epochs in place of those before. */
    set(rows) {
      points = rows.map((row) => ({ epoch: row.epoch, loss: row.train_loss }));
      draw();
    },
    /** Adds an epoch; where there are many, every second one goes. */
    add(epoch, loss) {
      if (loss === null || epoch === 0 || epoch === points.at(-1)?.epoch) {
        return;
      }
      points = points.filter((p) => p.epoch < epoch);
      points.push({ epoch, loss });
      if (points.length > MOST) {
        points = points.filter((_, i) => i % 2 === 0 || i === points.length - 1);
      }
      draw();
    },
  };
}
