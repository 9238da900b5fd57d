import { get } from "../app/api.js";

const loaded = new Map();

/** The kinds of layers, losses, optimizers or schedulers: a map from the name to its JSON Schema. */
export function vocabulary(name) {
  if (!loaded.has(name)) {
    const schema = get(`v1/schemas/${name}`).then((whole) => new Map(whole.oneOf.map(({ $ref }) => {
      const type = $ref.split("/").at(-1);
      return [type, whole.$defs[type]];
    })));
    schema.catch(() => loaded.delete(name));
    loaded.set(name, schema);
  }
  return loaded.get(name);
}

/** The arguments of a kind, [{name, schema, required}]. */
export function argumentsOf(schema) {
  const required = new Set(schema.required);
  return Object.entries(schema.properties)
    .filter(([name]) => name !== "type")
    .map(([name, value]) => ({ name, schema: value, required: required.has(name) }));
}
