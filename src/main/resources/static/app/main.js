import { h, replace } from "./dom.js";
import { startTheme } from "./theme.js";
import { Offline, Problem } from "./api.js";
import { onReturn } from "./connection.js";

// Views are loaded when they are first wanted.
const ROUTES = [
  [/^\/jobs$/, () => import("../views/jobs.js"), "Jobs"],
  [/^\/jobs\/([^/]+)$/, () => import("../views/job.js"), "Job"],
  [/^\/compare$/, () => import("../views/compare.js"), "Compare"],
  [/^\/new$/, () => import("../views/new-job.js"), "New job"],
  [/^\/datasets$/, () => import("../views/datasets.js"), "Datasets"],
  [/^\/datasets\/new$/, () => import("../views/upload.js"), "New dataset"],
  [/^\/datasets\/([^/]+)$/, () => import("../views/dataset.js"), "Dataset"],
  [/^\/models$/, () => import("../views/models.js"), "Models"],
  [/^\/models\/([^/]+)$/, () => import("../views/model.js"), "Model"],
  [/^\/deployments$/, () => import("../views/deployments.js"), "Deployments"],
];

const main = document.getElementById("main");
let current;
let first = true;

/** Sets the window's title. */
function title(text) {
  document.title = `${text} · Trainyard`;
}

async function navigate() {
  const [path, query = ""] = (location.hash.slice(1) || "/jobs").split("?");
  current?.abort();
  current = new AbortController();
  const { signal } = current;
  const route = ROUTES.find(([pattern]) => pattern.test(path));
  mark(path);
  const root = h("div", { class: "view" });
  const mount = (...content) => show(root, content);
  if (!route) {
    mount(heading("Not found"), h("p", { class: "soft" }, "There is no such page. ", h("a", { href: "#/jobs" }, "See the jobs")));
    return;
  }
  const [pattern, load, name] = route;
  title(name);
  try {
    const view = await load();
    if (signal.aborted) {
      return;
    }
    const parameters = path.match(pattern).slice(1).map(decodeURIComponent);
    await view.show({ mount, parameters, query: new URLSearchParams(query), signal, title });
  } catch (e) {
    if (!signal.aborted) {
      failed(mount, e, signal);
    }
  }
}

/** Puts a view in the place of the one before, once it has something to show. */
function show(root, content) {
  replace(root, ...content);
  if (root.isConnected) {
    return;
  }
  replace(main, root);
  if (!first) {
    scrollTo(0, 0);
    root.querySelector("h1")?.focus({ preventScroll: true });
  }
  first = false;
}

/** What there is to see when a view cannot be shown. */
function failed(mount, error, signal) {
  const missing = error instanceof Problem && error.status === 404;
  mount(
    h("div", { class: "stack" },
      heading(missing ? "Not found" : "This did not work"),
      h("p", { class: "notice", role: "alert" }, error.message),
      h("p", {}, h("a", { href: "#/jobs" }, "See the jobs"))));
  onReturn(navigate, signal);
  if (!(error instanceof Problem) && !(error instanceof Offline)) {
    console.error(error);
  }
}

function heading(text) {
  return h("h1", { tabindex: "-1" }, text);
}

function mark(path) {
  for (const link of document.querySelectorAll(".top nav a")) {
    const target = link.getAttribute("href").slice(1);
    if (path.startsWith(target)) {
      link.setAttribute("aria-current", "page");
    } else {
      link.removeAttribute("aria-current");
    }
  }
}

startTheme(document.getElementById("theme"));
document.querySelector(".skip").addEventListener("click", (event) => {
  // The address is the router's.
  event.preventDefault();
  main.focus();
});
addEventListener("hashchange", navigate);
navigate();
