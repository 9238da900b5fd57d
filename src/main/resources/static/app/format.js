const COUNT = new Intl.NumberFormat("en");
const SHORT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const NOTHING = "–";

/** 1,234,567 */
export function count(value) {
  return value === null || value === undefined ? NOTHING : COUNT.format(value);
}

/** 1.2M */
export function short(value) {
  return value === null || value === undefined ? NOTHING : SHORT.format(value);
}

/** A measured number with four digits: 0.1423, 691,700, 3.2e-7. */
export function number(value) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return NOTHING;
  }
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) {
    return value.toExponential(2).replace("e+", "e");
  }
  return size >= 1000 ? COUNT.format(Math.round(value)) : String(Number(value.toPrecision(4)));
}

/** The same as a column shows it, with its zeros: 0.1400. */
export function loss(value) {
  const size = Math.abs(value ?? NaN);
  return size >= 1e-3 && size < 100 ? value.toPrecision(4) : number(value);
}

export function percent(part) {
  return `${Math.floor(part * 1000) / 10}%`;
}

export function bytes(value) {
  if (value === null || value === undefined) {
    return NOTHING;
  }
  const units = ["B", "kB", "MB", "GB", "TB"];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

export function shape(sizes) {
  return sizes ? `[${sizes.join(", ")}]` : NOTHING;
}

/** A length of time in at most two units: 12 s, 3 min 20 s, 2 h 5 min. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) {
    return NOTHING;
  }
  if (seconds < 1) {
    return `${Math.max(0, Math.round(seconds * 1000))} ms`;
  }
  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  const from = units.findIndex(([, length]) => whole >= length);
  const [name, length] = units[from];
  const rest = units[from + 1] ? Math.floor((whole % length) / units[from + 1][1]) : 0;
  return `${Math.floor(whole / length)} ${name}${rest ? ` ${rest} ${units[from + 1][0]}` : ""}`;
}

/** "3 min ago", to be refreshed by whoever shows it. */
export function ago(time, now = Date.now()) {
  const seconds = Math.max(0, (now - Date.parse(time)) / 1000);
  return seconds < 5 ? "just now" : `${coarse(seconds)} ago`;
}

function coarse(seconds) {
  return duration(Math.round(seconds)).split(" ").slice(0, 2).join(" ");
}

export function when(time) {
  return time ? WHEN.format(new Date(time)) : NOTHING;
}

/** How long a job has trained or took, in seconds; null before. */
export function elapsed(job, now = Date.now()) {
  if (!job.started_at) {
    return null;
  }
  const end = job.finished_at ? Date.parse(job.finished_at) : now;
  return Math.max(0, (end - Date.parse(job.started_at)) / 1000);
}
