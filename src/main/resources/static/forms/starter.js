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
