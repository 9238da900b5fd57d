import { lost, reached } from "./connection.js";
import { credentials, key, otherKey } from "./key.js";

const ROOT = new URL("../", import.meta.url);

/** An answer that is no success, with the places that the server names. */
export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail || body?.title || `The server answered ${status}.`);
    this.status = status;
    this.errors = body?.errors ?? [];
  }
}

/** The server was not reached. */
export class Offline extends Error {
  constructor() {
    super("The server does not answer.");
  }
}

export function url(path) {
  return new URL(path, ROOT).href;
}

/** `path` below the resource, its parts escaped: at("v1/jobs", id, "cancel"). */
export function at(first, ...parts) {
  return [first, ...parts.map(encodeURIComponent)].join("/");
}

/** The answer of a request; throws Problem or Offline. Where the server wants a key, the user is asked for it. */
export async function request(path, options = {}) {
  let response;
  let shown;
  do {
    shown = key();
    response = await answer(path, options);
  } while (response.status === 401 && await otherKey(shown));
  if (!response.ok) {
    const type = response.headers.get("Content-Type") ?? "";
    throw new Problem(response.status, type.includes("json") ? await response.json() : null);
  }
  return response;
}

async function answer(path, options) {
  let response;
  try {
    response = await fetch(url(path), { cache: "no-store", ...options, headers: { ...options.headers, ...credentials() } });
  } catch (e) {
    if (e.name === "AbortError") {
      throw e;
    }
    lost();
    throw new Offline();
  }
  reached();
  return response;
}

async function json(path, options) {
  const response = await request(path, options);
  return response.status === 204 ? null : response.json();
}

export function get(path, signal) {
  return json(path, { signal, headers: { Accept: "application/json" } });
}

export function post(path, body, { signal, headers } = {}) {
  return send("POST", path, body, { signal, headers });
}

export function put(path, body) {
  return send("PUT", path, body, {});
}

export function remove(path) {
  return json(path, { method: "DELETE" });
}

function send(method, path, body, { signal, headers }) {
  const content = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  return json(path, {
    method,
    signal,
    body: content,
    headers: { ...(content === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
  });
}

/** Sends a form with a file and tells how far it is; `fetch` cannot. */
export function upload(path, form, onProgress) {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open("POST", url(path));
    call.responseType = "json";
    Object.entries(credentials()).forEach(([name, value]) => call.setRequestHeader(name, value));
    call.upload.addEventListener("progress", (e) => e.lengthComputable && onProgress(e.loaded / e.total));
    call.addEventListener("load", () => {
      reached();
      if (call.status < 300) {
        resolve(call.response);
      } else {
        reject(new Problem(call.status, call.response));
      }
    });
    call.addEventListener("error", () => {
      lost();
      reject(new Offline());
    });
    call.send(form);
  });
}

/** All entries of a list, page by page, up to `most`. */
export async function all(path, signal, most = 1000) {
  const entries = [];
  let after = null;
  do {
    const page = await get(`${path}?limit=200${after ? `&after=${encodeURIComponent(after)}` : ""}`, signal);
    entries.push(...page.data);
    after = page.next_cursor;
  } while (after && entries.length < most);
  return entries;
}

let routes;

/** Whether the server has a route, by its own contract: asking for one it lacks would be an error. */
export function serves(route) {
  routes ??= request("openapi.yaml")
    .then((response) => response.text())
    .then((contract) => new Set(Array.from(contract.matchAll(/^ {2}(\/\S+):$/gm), (match) => match[1])))
    .catch(() => {
      routes = undefined;
      return new Set();
    });
  return routes.then((known) => known.has(route));
}
