import { onReturn } from "./connection.js";
import { Offline, Problem } from "./api.js";

/** Waits; rejects with an AbortError when the signal says so. */
export function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", stop, { once: true });
    function done() {
      signal?.removeEventListener("abort", stop);
      resolve();
    }
    function stop() {
      clearTimeout(timer);
      reject(signal.reason);
    }
  });
}

/** Resolves when the page can be seen: a hidden one asks for nothing. */
export function visible(signal) {
  if (!document.hidden) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    document.addEventListener("visibilitychange", resolve, { once: true, signal });
  });
}

/**
 * Does a task now and again after `rest()` milliseconds each time; at once when the page is seen again or the
 * server is back. Ends with the signal.
 */
export function repeat(task, rest, signal) {
  let busy = false;
  let first = true;
  let timer;
  const run = async () => {
    clearTimeout(timer);
    if (busy || signal.aborted || document.hidden) {
      return;
    }
    busy = true;
    try {
      await task();
    } catch (e) {
      // What fails later may succeed the next time; the first time there would be nothing to see.
      if (!signal.aborted && !(e instanceof Offline) && (first || !(e instanceof Problem))) {
        throw e;
      }
    } finally {
      busy = false;
      first = false;
      if (!signal.aborted) {
        timer = setTimeout(run, rest());
      }
    }
  };
  document.addEventListener("visibilitychange", run, { signal });
  onReturn(run, signal);
  signal.addEventListener("abort", () => clearTimeout(timer));
  return run();
}

/** Calls once the calls have paused for a while. */
export function settled(task, ms, signal) {
  let timer;
  signal?.addEventListener("abort", () => clearTimeout(timer));
  return () => {
    clearTimeout(timer);
    timer = setTimeout(task, ms);
  };
}
