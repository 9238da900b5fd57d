import { h, replace } from "../app/dom.js";
import { field } from "./fields.js";
import { valueField } from "./value.js";
import { argumentsOf } from "./vocabulary.js";

/**
 * The choice of a kind of a vocabulary and its arguments.
 *
 * @param options pointer, label, kinds (from `vocabulary`), value ({type, …} or undefined), none: the word for leaving
 *   it out, if that is allowed, onChange(value)
 */
export function kindEditor({ pointer, label, kinds, value, none, onChange }) {
  let current = value;
  const select = h("select", {},
    none ? h("option", { value: "" }, none) : null,
    [...kinds.keys()].map((type) => h("option", {}, type)));
  select.value = value?.type ?? "";
  const fields = h("div");
  select.addEventListener("change", () => {
    current = select.value === "" ? undefined : converted(current, select.value, kinds.get(select.value));
    draw();
    onChange(current);
  });
  draw();
  return h("div", { class: "kind" }, field(`${pointer}/type`, label, select), fields);

  function draw() {
    const schema = kinds.get(current?.type);
    replace(fields, schema ? argumentFields({ pointer, schema, value: current, onChange: () => onChange(current) }) : null);
  }
}

/** Fields that write into `value`: what is needed or said is seen at once, the rest on demand. */
export function argumentFields({ pointer, schema, value, onChange }) {
  const all = argumentsOf(schema);
  const make = (argument) => valueField({
    ...argument,
    pointer: `${pointer}/${argument.name}`,
    value: value[argument.name],
    onChange: (next) => {
      if (next === undefined) {
        delete value[argument.name];
      } else {
        value[argument.name] = next;
      }
      onChange();
    },
  });
  const first = (argument) => argument.required || argument.name in value || argument.name === "lr";
  const rest = all.filter((argument) => !first(argument));
  return [
    h("div", { class: "arguments" }, all.filter(first).map(make)),
    rest.length > 0 ? h("details", {}, h("summary", {}, `${rest.length} more`), h("div", { class: "arguments" }, rest.map(make))) : null,
  ];
}

/** The same arguments for another kind, as far as it has them. */
export function converted(value, type, schema) {
  const next = { type };
  for (const { name } of argumentsOf(schema)) {
    if (value && name in value) {
      next[name] = value[name];
    }
  }
  return next;
}
