// Elements are made by calls, never from text: what users wrote can only become text.

const PROPERTIES = new Set(["value", "checked", "selected", "indeterminate", "disabled"]);
const SVG = "http://www.w3.org/2000/svg";

/** An element. `on` has listeners by event, `vars` CSS custom properties; null and false leave out. */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, { on = {}, vars = {}, ...attributes }, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (PROPERTIES.has(name)) {
      element[name] = value;
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  for (const [name, value] of Object.entries(vars)) {
    element.style.setProperty(name, value);
  }
  for (const [event, listener] of Object.entries(on)) {
    element.addEventListener(event, listener);
  }
  element.append(...present(children));
  return element;
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/** Puts other children in. */
export function replace(element, ...children) {
  element.replaceChildren(...present(children));
}

/** Changes a text only if it is another one, so that nothing is announced or laid out for nothing. */
export function text(element, value) {
  const string = String(value ?? "");
  if (element.textContent !== string) {
    element.textContent = string;
  }
}

/**
 * Makes the children of a list those of `items`, in their order, and keeps the elements of those that stay.
 * `make(item)` gives {element, update}.
 */
export function keyed(parent, known, items, key, make) {
  const wanted = new Set(items.map(key));
  for (const [id, part] of known) {
    if (!wanted.has(id)) {
      part.element.remove();
      part.gone?.();
      known.delete(id);
    }
  }
  items.forEach((item, index) => {
    const id = key(item);
    let part = known.get(id);
    if (!part) {
      part = make(item);
      known.set(id, part);
    }
    part.update?.(item);
    if (parent.children[index] !== part.element) {
      parent.insertBefore(part.element, parent.children[index] ?? null);
    }
  });
}

let ids = 0;

/** An id for labels and descriptions to refer to. */
export function freshId(prefix = "x") {
  ids += 1;
  return `${prefix}-${ids}`;
}

/** Says something to those who cannot see it. */
export function say(message) {
  document.getElementById("said").textContent = message;
}
