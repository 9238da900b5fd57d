import { replace } from "./dom.js";
import { glyph } from "./states.js";

const KEY = "trainyard.theme";
const ORDER = ["system", "light", "dark"];
const GLYPHS = { system: "half", light: "sun", dark: "moon" };
const changes = new EventTarget();

/** The button that goes round system, light and dark. */
export function startTheme(button) {
  let chosen = document.documentElement.dataset.theme ?? "system";
  const show = () => {
    replace(button, glyph(GLYPHS[chosen]));
    button.setAttribute("aria-label", `Theme: ${chosen}. Change it`);
    button.title = `Theme: ${chosen}`;
  };
  button.addEventListener("click", () => {
    chosen = ORDER[(ORDER.indexOf(chosen) + 1) % ORDER.length];
    if (chosen === "system") {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = chosen;
    }
    try {
      localStorage.setItem(KEY, chosen);
    } catch {
      // Then it holds for this page only.
    }
    show();
    changes.dispatchEvent(new Event("change"));
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    changes.dispatchEvent(new Event("change"));
  });
  show();
}

/** Calls when colours have changed: a canvas does not follow the style sheet. */
export function onTheme(listener, signal) {
  changes.addEventListener("change", listener, { signal });
}

/** The present value of a colour such as --ink. */
export function colour(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
