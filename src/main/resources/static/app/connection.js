// Whether the server answers. While it does not, this asks again and tells when it does.

const AGAIN_MS = 1500;
const changes = new EventTarget();
let offline = false;

/** A request found nobody. */
export function lost() {
  if (!offline) {
    offline = true;
    show();
    setTimeout(ask, AGAIN_MS);
  }
}

/** A request was answered, be it with an error. */
export function reached() {
  if (offline) {
    offline = false;
    show();
    changes.dispatchEvent(new Event("back"));
  }
}

/** Calls when the server is there again. */
export function onReturn(listener, signal) {
  changes.addEventListener("back", listener, { signal });
}

function show() {
  document.getElementById("offline").textContent = offline ? "Offline, reconnecting…" : "";
}

async function ask() {
  if (!offline) {
    return;
  }
  try {
    await fetch(new URL("../v1/jobs?limit=1", import.meta.url), { cache: "no-store" });
    reached();
  } catch {
    setTimeout(ask, AGAIN_MS);
  }
}
