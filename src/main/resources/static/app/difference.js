/** Documents side by side: a row for each place, [{path, values, other}], in the order of the documents. */
export function differences(documents) {
  const flat = documents.map((document) => {
    const places = new Map();
    flatten(document, "", places);
    return places;
  });
  return merged(flat.map((places) => [...places.keys()])).map((path) => {
    const values = flat.map((places) => places.get(path));
    return { path, values, other: values.some((value) => value !== values[0]) };
  });
}

function flatten(value, path, places) {
  const nested = value !== null && typeof value === "object";
  const simple = Array.isArray(value) && value.every((v) => v === null || typeof v !== "object");
  if (!nested || simple || Object.keys(value).length === 0) {
    places.set(path, typeof value === "string" ? value : JSON.stringify(value));
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    flatten(member, path === "" ? name : `${path}.${name}`, places);
  }
}

/** The names of all lists; one that only a later list has stands after what it stands after there. */
function merged(lists) {
  const names = [];
  for (const list of lists) {
    let at = 0;
    for (const name of list) {
      const known = names.indexOf(name);
      if (known < 0) {
        names.splice(at, 0, name);
        at += 1;
      } else {
        at = known + 1;
      }
    }
  }
  return names;
}

/** The merge patch (RFC 7396) that makes `to` of `from`; undefined if they are the same. */
export function mergePatch(from, to) {
  if (!isObject(from) || !isObject(to)) {
    return JSON.stringify(from) === JSON.stringify(to) ? undefined : to;
  }
  const patch = {};
  for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const change = name in to ? (name in from ? mergePatch(from[name], to[name]) : to[name]) : null;
    if (change !== undefined) {
      patch[name] = change;
    }
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
