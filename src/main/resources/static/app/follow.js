import { at, get, request } from "./api.js";
import { pause, visible } from "./time.js";

// A browser opens six connections to a server, for all windows together, and a stream keeps one.
const MOST_STREAMS = 2;
const PAGE_REST_MS = 1000;
const RETRY_MS = 1500;
let streams = 0;

/**
 * Gives the events of a job after a sequence number as they come, in lists, until the job has ended or the signal
 * says so: as a stream, or where there are enough of these, by asking once a second. A hidden page follows nothing;
 * it goes on where it stopped. Lost connections are taken up again.
 */
export async function follow(id, after, onEvents, signal) {
  let cursor = after;
  const take = (events) => {
    cursor = events.at(-1).sequence;
    onEvents(events);
    return events.some((e) => e.type === "job.state" && ["succeeded", "failed", "cancelled"].includes(e.state));
  };
  while (!signal.aborted) {
    let rest = RETRY_MS;
    try {
      await visible(signal);
      if (streams < MOST_STREAMS) {
        streams += 1;
        try {
          if (await stream(id, cursor, take, signal)) {
            return;
          }
        } finally {
          streams -= 1;
        }
      } else {
        rest = PAGE_REST_MS;
        const page = await get(`${at("v1/jobs", id, "events")}?limit=1000&after=${cursor}`, signal);
        if (page.data.length > 0 && take(page.data)) {
          return;
        }
        rest = page.has_more ? 0 : rest;
      }
      await pause(rest, signal);
    } catch (e) {
      if (signal.aborted || e.status === 404) {
        return;
      }
      await pause(rest, signal).catch(() => {});
    }
  }
}

/** One connection; resolves to whether the job has ended. */
async function stream(id, after, take, signal) {
  const inner = new AbortController();
  const stop = () => inner.abort();
  const hide = () => document.hidden && stop();
  signal.addEventListener("abort", stop);
  document.addEventListener("visibilitychange", hide);
  try {
    const response = await request(at("v1/jobs", id, "events"), {
      signal: inner.signal,
      headers: { Accept: "text/event-stream", "Last-Event-ID": String(after) },
    });
    if (response.status === 204) {
      return true;
    }
    let ended = false;
    let rest = "";
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const messages = (rest + part.value).split("\n\n");
      rest = messages.pop();
      const events = messages.map(data).filter(Boolean);
      if (events.length > 0) {
        ended = take(events) || ended;
      }
    }
    return ended;
  } finally {
    signal.removeEventListener("abort", stop);
    document.removeEventListener("visibilitychange", hide);
  }
}

function data(message) {
  const lines = message.split("\n").filter((line) => line.startsWith("data:"));
  return lines.length > 0 ? JSON.parse(lines.map((line) => line.slice(5)).join("\n")) : null;
}
