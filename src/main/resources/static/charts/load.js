import { at, get, request } from "../app/api.js";
import { History } from "./history.js";

// Up to here every epoch is loaded; of longer trainings, evenly spread ones.
const EVERY_EPOCH = 200_000;
const SPREAD = 1000;

/** An empty history with the columns of a job. */
export function historyOf(job) {
  return new History(job.spec.metrics ?? []);
}

/** Loads the epochs so far; `onPart` is called now and then for what is there already to be drawn. */
export async function load(job, history, signal, onPart = () => {}) {
  if (job.epoch === 0) {
    return;
  }
  const path = at("v1/jobs", job.id, "metrics");
  if (job.epoch > EVERY_EPOCH) {
    const page = await get(`${path}?points=${SPREAD}`, signal);
    page.data.forEach((row) => history.add(row));
    return;
  }
  const response = await request(path, { signal, headers: { Accept: "text/csv" } });
  const rows = rowReader((row) => history.add(row));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let drawn = performance.now();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    rows.take(part.value);
    if (performance.now() - drawn > 200) {
      onPart();
      drawn = performance.now();
    }
  }
  rows.end();
}

/** Reads CSV of numbers as it arrives; no cell of it is quoted but perhaps in the header. */
function rowReader(onRow) {
  let names = null;
  let rest = "";
  const line = (text) => {
    if (text === "") {
      return;
    }
    const cells = text.split(",");
    if (names === null) {
      names = cells;
      return;
    }
    const row = {};
    cells.forEach((cell, i) => {
      row[names[i]] = cell === "" ? null : Number(cell);
    });
    onRow(row);
  };
  return {
    take(text) {
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop();
      lines.forEach(line);
    },
    end() {
      line(rest);
    },
  };
}

/** Evenly spread epochs of a job, for a small picture. */
export async function spread(job, points, signal) {
  return job.epoch === 0 ? [] : (await get(`${at("v1/jobs", job.id, "metrics")}?points=${points}`, signal)).data;
}
