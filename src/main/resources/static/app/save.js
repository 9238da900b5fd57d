import { request } from "./api.js";
import { key } from "./key.js";
import { h } from "./dom.js";

/** Saves a file. A link's own request carries no key, so with one the file is fetched first. */
export async function save(event, path, name, onError) {
  if (!key()) {
    return;
  }
  event.preventDefault();
  try {
    const content = URL.createObjectURL(await (await request(path)).blob());
    h("a", { href: content, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(content), 60_000);
  } catch (e) {
    onError(e);
  }
}
