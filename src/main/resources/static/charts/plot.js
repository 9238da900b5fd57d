import uPlot from "../vendor/uplot.js";
import { colour } from "../app/theme.js";
import { number, short } from "../app/format.js";

const FONT = '12px Inter, ui-sans-serif, system-ui, "Segoe UI", Roboto, sans-serif';
const AXIS_WIDTH = 58;

/**
 * A chart of curves over one x.
 *
 * @param options curves: [{name, colour, dash, width}], height, log: a logarithmic y, group: charts whose cursors
 *   move together, onCursor(x or null), onSelect(from, to), onReset(), x and y: texts for the numbers of an axis
 */
export function plot(element, options) {
  const chart = new uPlot(settings(element, options), [[], ...options.curves.map(() => [])], element);
  const size = new ResizeObserver(() => {
    if (element.clientWidth > 0) {
      chart.setSize({ width: element.clientWidth, height: options.height });
    }
  });
  size.observe(element);
  chart.over.addEventListener("dblclick", options.onReset);
  return {
    /** Shows `data` ([x, ...curves]) from one x to another. */
    draw(data, from, to) {
      chart.batch(() => {
        chart.setData(data, false);
        chart.setScale("x", { min: from, max: to > from ? to : from + 1 });
      });
    },
    /** Of the area that is drawn on, in CSS pixels. */
    width: () => Math.max(100, chart.bbox.width / devicePixelRatio),
    destroy() {
      size.disconnect();
      chart.destroy();
    },
  };
}

/** Between whole epochs there is nothing. */
function whole(v) {
  return Number.isInteger(v) ? short(v) : "";
}

function settings(element, options) {
  const grid = { stroke: colour("--grid"), width: 1 };
  const card = colour("--card");
  const ink = colour("--ink-faint");
  const axis = { stroke: ink, font: FONT, grid, ticks: { show: false } };
  return {
    width: element.clientWidth || 600,
    height: options.height,
    padding: [10, 12, 0, 0],
    pxAlign: false,
    legend: { show: false },
    scales: {
      x: { time: false },
      y: options.log
        ? { distr: 3, range: (u, low, high) => (low > 0 ? uPlot.rangeLog(low, high, 10, false) : [0.1, 1]) }
        : { range: (u, low, high) => (low === null ? [0, 1] : uPlot.rangeNum(low, high, 0.08, true)) },
    },
    axes: [
      { ...axis, size: options.bare ? 10 : 30, space: 70, values: (u, splits) => splits.map((v) => (options.bare ? "" : (options.x ?? whole)(v))) },
      { ...axis, size: AXIS_WIDTH, space: 34, values: (u, splits) => splits.map((v) => (v === null ? "" : (options.y ?? number)(v))) },
    ],
    series: [
      {},
      ...options.curves.map((curve) => ({
        label: curve.name,
        stroke: colour(curve.colour),
        width: curve.width ?? 1.75,
        dash: curve.dash,
        spanGaps: true,
        points: { show: (u) => u.data[0].length < 40, size: 5, fill: card },
      })),
    ],
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false },
      points: { size: 8, width: 2 },
      // Only the cursor is shared; a selection would be taken a second time, on a scale that has changed.
      ...(options.group
        ? { sync: { key: options.group, setSeries: false, scales: ["x", null], filters: { pub: (type) => type === "mousemove" || type === "mouseleave" } } }
        : {}),
    },
    hooks: {
      setCursor: [(u) => options.onCursor?.(u.cursor.left >= 0 && u.cursor.idx !== null ? u.data[0][u.cursor.idx] : null)],
      setSelect: [
        (u) => {
          if (u.select.width < 4) {
            return;
          }
          const from = u.posToVal(u.select.left, "x");
          const to = u.posToVal(u.select.left + u.select.width, "x");
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          options.onSelect?.(from, to);
        },
      ],
      draw: options.mark ? [(u) => drawMark(u, options.mark(), ink)] : [],
    },
  };
}

/** A quiet upright line at an x, such as that of the best epoch. */
function drawMark(u, x, ink) {
  if (x === null || x < u.scales.x.min || x > u.scales.x.max) {
    return;
  }
  const { ctx, bbox } = u;
  const at = Math.round(u.valToPos(x, "x", true)) + 0.5;
  ctx.save();
  ctx.strokeStyle = ink;
  ctx.globalAlpha = 0.55;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([3 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(at, bbox.top);
  ctx.lineTo(at, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}
