import { freshId, h, replace } from "./dom.js";

/** Asks; resolves to whether the answer was yes. */
export function confirm(question, more, yes) {
  return new Promise((resolve) => {
    const title = freshId("ask");
    const dialog = h("dialog", { "aria-labelledby": title },
      h("form", { method: "dialog" },
        h("h2", { id: title }, question),
        h("p", {}, more),
        h("div", { class: "bar" },
          h("span", { class: "fill" }),
          h("button", { value: "no" }, "No"),
          h("button", { value: "yes", class: "primary" }, yes))));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** A part that shows what went wrong, and nothing otherwise. */
export function problemPlace() {
  const element = h("div", { role: "alert" });
  return {
    element,
    clear: () => replace(element),
    show: (error) => replace(element, h("p", { class: "notice" }, error.message)),
  };
}
