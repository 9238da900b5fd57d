import { h, replace, text } from "../app/dom.js";
import { post, upload } from "../app/api.js";
import { bytes, percent } from "../app/format.js";
import { field, placeErrors } from "../forms/fields.js";

const HEAD_BYTES = 256 * 1024;

/** A new dataset: a file, or random rows. */
export async function show({ mount }) {
  let kind = "file";
  const body = h("div");
  const choices = h("div", { class: "bar choices", role: "radiogroup", "aria-label": "Kind" }, choice("file", "A file"), choice("synthetic", "Random rows"));
  mount(
    h("div", { class: "stack narrow" },
      h("p", { class: "faint" }, h("a", { href: "#/datasets" }, "Datasets"), " /"),
      h("h1", { tabindex: "-1" }, "Add a dataset"),
      choices,
      body));
  draw();

  function choice(name, label) {
    return h("label", { class: "check" },
      h("input", { type: "radio", name: "kind", checked: name === kind, on: { change: () => { kind = name; draw(); } } }), label);
  }

  function draw() {
    replace(body, kind === "file" ? fileForm() : syntheticForm());
  }
}

function fileForm() {
  let format = "csv";
  const file = h("input", { type: "file", required: true });
  const labels = h("input", { type: "file", disabled: true, required: true });
  const name = h("input", { required: true, autocomplete: "off" });
  const target = h("select", { required: true, disabled: true });
  const normalize = h("select", {}, ["standard", "minmax", "none"].map((value) => h("option", {}, value)));
  const shape = h("input", { placeholder: "1, 8, 8", inputmode: "numeric" });
  const features = h("div", { class: "columns" });
  const submit = h("button", { class: "primary" }, "Upload");
  const progress = h("p", { class: "soft", role: "status" });
  const drop = h("label", { class: "drop" }, h("strong", {}, "Choose a file or drop it here"), h("span", { class: "faint" }, "CSV with a header line, NumPy's NPZ with x and y, or IDX as MNIST's; CSV and IDX may be gzip"), file);
  file.addEventListener("change", () => file.files[0] && chosen(file.files[0]));
  drop.addEventListener("dragover", (event) => event.preventDefault());
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    file.files = event.dataTransfer.files;
    file.dispatchEvent(new Event("change"));
  });
  const columns = h("div", { class: "stack" },
    field("/target", "Target", target, "The column to predict."),
    field("/features", "Features", features, "The columns to learn from."));
  const second = h("div", { hidden: true }, field("/labels", "Labels", labels, "The IDX file of the targets."));
  const form = h("form", { class: "card padded stack", novalidate: false, on: { submit: send } },
    field("/file", "File", drop),
    field("/name", "Name", name),
    second,
    columns,
    field("/normalize", "Normalize", normalize, "By the statistics of the training rows alone."),
    field("/input_shape", "Input shape", shape, "Only if a row is to have another shape than in the file, as an image in a row of numbers."),
    h("div", { class: "bar" }, submit, progress));
  return form;

  async function chosen(picked) {
    format = await formatOf(picked);
    columns.hidden = target.disabled = format !== "csv";
    second.hidden = labels.disabled = format !== "idx";
    name.value ||= picked.name.replace(/\.gz$/, "").replace(/\.(csv|npz|idx)$/, "").replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "");
    text(drop.firstChild, `${picked.name}, ${bytes(picked.size)}`);
    if (format !== "csv") {
      return;
    }
    const header = await headerOf(picked);
    replace(target, header.map((column) => h("option", {}, column)));
    target.value = header.at(-1) ?? "";
    replace(features, header.map((column) => h("label", { class: "check" }, h("input", { type: "checkbox", value: column, checked: true }), column)));
  }

  async function send(event) {
    event.preventDefault();
    const spec = { name: name.value.trim(), format, normalize: normalize.value };
    if (format === "csv") {
      const boxes = [...features.querySelectorAll("input")];
      const some = boxes.filter((box) => box.checked && box.value !== target.value).map((box) => box.value);
      spec.target = target.value;
      if (some.length < boxes.length - 1) {
        spec.features = some;
      }
    }
    if (shape.value.trim() !== "") {
      spec.input_shape = numbers(shape.value);
    }
    const data = new FormData();
    data.append("spec", JSON.stringify(spec));
    data.append("file", file.files[0]);
    if (format === "idx") {
      data.append("labels", labels.files[0]);
    }
    submit.disabled = true;
    try {
      const made = await upload("v1/datasets", data, (part) => text(progress, part < 1 ? `${percent(part)} sent` : "Reading the file…"));
      location.hash = `#/datasets/${made.id}`;
    } catch (e) {
      text(progress, "");
      placeErrors(form, e);
    }
    submit.disabled = false;
  }
}

/** By how a file begins: a zip is NPZ, and two zero bytes begin IDX and no text. */
async function formatOf(file) {
  const reader = (await plainStart(file)).getReader();
  const { value } = await reader.read().catch(() => ({}));
  reader.cancel().catch(() => {});
  const begins = (...bytes) => bytes.every((byte, i) => value?.[i] === byte);
  if (begins(0x50, 0x4b, 3, 4)) {
    return "npz";
  }
  return begins(0, 0) ? "idx" : "csv";
}

function syntheticForm() {
  const inputs = {
    name: h("input", { autocomplete: "off" }),
    samples: h("input", { type: "number", min: "1", required: true, value: "1000" }),
    input_shape: h("input", { required: true, value: "20", inputmode: "numeric" }),
    target: h("select", {}, h("option", { value: "classes" }, "classes"), h("option", { value: "target_shape" }, "values")),
    amount: h("input", { required: true, value: "3", inputmode: "numeric" }),
    seed: h("input", { type: "number", value: "0" }),
  };
  const form = h("form", { class: "card padded stack", on: { submit: send } },
    field("/name", "Name", inputs.name),
    field("/samples", "Rows", inputs.samples),
    field("/input_shape", "Input shape", inputs.input_shape),
    field("/target", "Target", inputs.target),
    field("/classes", "Number of classes, or shape of the values", inputs.amount),
    field("/seed", "Seed", inputs.seed),
    h("div", { class: "bar" }, h("button", { class: "primary" }, "Add")));
  return form;

  async function send(event) {
    event.preventDefault();
    const spec = { type: "synthetic", samples: Number(inputs.samples.value), input_shape: numbers(inputs.input_shape.value), seed: Number(inputs.seed.value) };
    if (inputs.name.value.trim() !== "") {
      spec.name = inputs.name.value.trim();
    }
    spec[inputs.target.value] = inputs.target.value === "classes" ? Number(inputs.amount.value) : numbers(inputs.amount.value);
    try {
      const made = await post("v1/datasets", spec);
      location.hash = `#/datasets/${made.id}`;
    } catch (e) {
      placeErrors(form, e);
    }
  }
}

function numbers(list) {
  return list.split(/[\s,;[\]×x]+/).filter(Boolean).map(Number);
}

/** The names in the first line of a file, as far as its beginning tells; the server reads it for good. */
async function headerOf(file) {
  const reader = (await plainStart(file)).pipeThrough(new TextDecoderStream()).getReader();
  let line = "";
  try {
    while (!line.includes("\n")) {
      const part = await reader.read();
      if (part.done) {
        break;
      }
      line += part.value;
    }
  } catch {
    // The beginning of a gzip file ends in the middle.
  }
  reader.cancel().catch(() => {});
  return cells(line.split(/\r?\n/)[0].replace(/^\uFEFF/, ""));
}

/** The beginning of a file as a stream of bytes, unpacked. */
async function plainStart(file) {
  const start = file.slice(0, HEAD_BYTES).stream();
  const magic = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return magic[0] === 0x1f && magic[1] === 0x8b ? start.pipeThrough(new DecompressionStream("gzip")) : start;
}

function cells(line) {
  return Array.from(line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) => (quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"')));
}
