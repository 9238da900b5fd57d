import { freshId, h, replace } from "../app/dom.js";

/** A labelled control that can show what the server has against its value; `pointer` is its place in the document. */
export function field(pointer, label, control, hint = null) {
  const input = control.matches("input, select, textarea") ? control : control.querySelector("input, select, textarea");
  const id = freshId("field");
  const error = h("p", { class: "wrong", id: `${id}-error`, hidden: true });
  const named = control === input;
  if (named) {
    input.id ||= id;
    input.setAttribute("aria-describedby", error.id);
  } else {
    control.setAttribute("role", control.getAttribute("role") ?? "group");
    control.setAttribute("aria-label", label);
  }
  const title = named ? h("label", { for: input.id }, label) : h("p", { class: "label" }, label);
  return h("div", { class: "field", "data-pointer": pointer }, title, control, hint ? h("p", { class: "faint" }, hint) : null, error);
}

/** A check box with its label beside it, as a field. */
export function checkField(pointer, label, control) {
  const id = freshId("field");
  const error = h("p", { class: "wrong", id, hidden: true });
  control.setAttribute("aria-describedby", id);
  return h("div", { class: "field", "data-pointer": pointer }, h("label", { class: "check" }, control, label), error);
}

export function clearErrors(form) {
  for (const error of form.querySelectorAll(".field > .wrong:not([hidden])")) {
    error.hidden = true;
    replace(error);
    control(error.parentElement)?.removeAttribute("aria-invalid");
  }
  form.querySelector(":scope > .notice.elsewhere")?.remove();
}

/** Shows each error of a problem at its field; what has no field here stands at the end. */
export function placeErrors(form, problem) {
  clearErrors(form);
  const elsewhere = problem.errors?.length ? [] : [problem.message];
  for (const { pointer, detail } of problem.errors ?? []) {
    const found = nearest(form, pointer);
    if (!found) {
      elsewhere.push(`${pointer}: ${detail}`);
      continue;
    }
    const error = found.querySelector(":scope > .wrong");
    const rest = pointer.slice(found.dataset.pointer.length);
    error.hidden = false;
    found.closest("details")?.setAttribute("open", "");
    error.append(h("span", {}, rest ? `${rest.slice(1).replaceAll("/", ".")}: ${detail}` : detail));
    control(found)?.setAttribute("aria-invalid", "true");
  }
  if (elsewhere.length > 0) {
    form.append(h("div", { class: "notice elsewhere", role: "alert" }, elsewhere.map((detail) => h("p", {}, detail))));
  }
}

function control(element) {
  return element.querySelector("input, select, textarea");
}

/** The field of a place, else of what it is a part of. */
function nearest(form, pointer) {
  for (let place = pointer; place !== ""; place = place.slice(0, place.lastIndexOf("/"))) {
    const found = form.querySelector(`[data-pointer="${CSS.escape(place)}"]`);
    if (found) {
      return found;
    }
  }
  return null;
}
