// The key that the server asks for. It is kept for this window alone, and gone with it.
import { freshId, h } from "./dom.js";

const NAME = "trainyard-key";
let asking = null;
let dismissed = false;

addEventListener("hashchange", () => {
  dismissed = false;
});

/** The key that was given, or null. */
export function key() {
  return sessionStorage.getItem(NAME);
}

/** What a request has to carry. */
export function credentials() {
  return key() ? { Authorization: `Bearer ${key()}` } : {};
}

/**
 * Asks for a key after `refused` (or none) was not good, once for all who want it; resolves to whether there is
 * another one to try. Who closes the question is not asked again until the next view.
 */
export async function otherKey(refused) {
  if (key() !== refused) {
    return true;
  }
  if (dismissed) {
    return false;
  }
  asking ??= ask(refused !== null).finally(() => {
    asking = null;
  });
  return asking;
}

function ask(again) {
  return new Promise((resolve) => {
    const title = freshId("key");
    const input = h("input", { type: "password", id: freshId("key"), autocomplete: "off", required: true, pattern: "[!-~]+", maxlength: "8000" });
    const dialog = h("dialog", { class: "key", "aria-labelledby": title },
      h("form", { method: "dialog" },
        h("h2", { id: title }, "Key"),
        h("p", {}, again ? "The server does not know this key." : "The server asks for a key."),
        h("label", { for: input.id }, "API key or token"),
        input,
        h("div", { class: "bar" },
          h("span", { class: "fill" }),
          h("button", { value: "yes", class: "primary" }, "Continue"))));
    dialog.addEventListener("close", () => {
      dialog.remove();
      const given = dialog.returnValue === "yes" ? input.value.trim() : "";
      if (given) {
        sessionStorage.setItem(NAME, given);
      } else {
        dismissed = true;
      }
      resolve(Boolean(given));
    });
    document.body.append(dialog);
    dialog.showModal();
    input.focus();
  });
}
