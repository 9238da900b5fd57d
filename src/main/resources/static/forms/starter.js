/** A job to begin with on a dataset, as the API lists it; without one, on random rows. */
export function starterJob(dataset) {
  const data = dataset ?? { name: { type: "synthetic", seed: 0, samples: 1000, input_shape: [20], classes: 3 }, input_shape: [20], target: { kind: "classes", count: 3 } };
  const classes = data.target.kind !== "values";
  return {
    name: `${dataset?.name ?? "first"}-mlp`,
    model: { layers: starterLayers(data.input_shape, data.target) },
    dataset: data.name ?? data.id,
    loss: { type: classes ? "CrossEntropyLoss" : "MSELoss" },
    optimizer: { type: "Adam", lr: 0.003 },
    epochs: 50,
    batch_size: 32,
    shuffle: true,
    validation: { fraction: 0.2 },
    ...(classes ? { metrics: ["accuracy"] } : {}),
  };
}

/** What is known of a job's rows: {input_shape, target}, or undefined. */
export function dataOf(dataset, datasets) {
  if (typeof dataset === "string") {
    return datasets.find((d) => [d.name, d.id].includes(dataset));
  }
  if (!Array.isArray(dataset?.input_shape)) {
    return undefined;
  }
  const target = dataset.classes ? { kind: "classes", count: dataset.classes } : { kind: "values", shape: dataset.target_shape };
  return { input_shape: dataset.input_shape, target };
}

/** Fits a model that is still the one to begin with to other rows; tells whether it was. */
export function adapt(job, before, now) {
  if (!before || !now) {
    return false;
  }
  const [old, fresh] = [starterJob(before), starterJob(now)];
  if (!same(job.model?.layers, old.model.layers)) {
    return false;
  }
  job.model = fresh.model;
  if (same(job.loss, old.loss)) {
    job.loss = fresh.loss;
  }
  if (same(job.metrics, old.metrics)) {
    if (fresh.metrics) {
      job.metrics = fresh.metrics;
    } else {
      delete job.metrics;
    }
  }
  return true;
}

function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Two layers that fit the rows and the target. */
export function starterLayers(input, target) {
  const width = input.reduce((product, size) => product * size, 1);
  const outputs = target.kind === "values" ? (target.shape ?? [1]).reduce((product, size) => product * size, 1) : target.count;
  const hidden = Math.max(16, Math.min(128, 2 ** Math.round(Math.log2(4 * outputs + width / 4))));
  const layers = [
    { type: "Linear", in_features: width, out_features: hidden },
    { type: "ReLU" },
    { type: "Linear", in_features: hidden, out_features: outputs },
  ];
  const shape = target.shape ?? [outputs];
  return [
    ...(input.length > 1 ? [{ type: "Flatten" }] : []),
    ...layers,
    ...(target.kind === "values" && shape.length > 1 ? [{ type: "Unflatten", dim: 1, unflattened_size: shape }] : []),
  ];
}
