"""Writes torch.json: what PyTorch gives for expressions, for GradientsIT. Run with torch 1.13."""

import json
import math
import os

import torch
import torch.nn.functional as F

CASES = [
    # expression, tensors (name: data, dtype or None, requires_grad), grad_output
    ("x.mm(w).pow(2).sum()", {"x": [[1, 2], [3, 4]], "w": [[0.5], [-1]]}, None),
    ("x.mm(w1).clamp(min=0).mm(w2)", {"x": [[1, -2, 3]], "w1": [[0.5, -1], [2, 0.25], [1, 1]], "w2": [[3], [-2]]}, None),
    ("(y_pred - y).pow(2).sum()", {"y_pred": [[1, 2], [3, 4]], "y": ([[0, 2], [5, 4]], "float32", False)}, None),
    ("x + y * 2 - 1 / (x + 5)", {"x": [[1, 2], [3, 4]], "y": [10, 20]}, [[1, 2], [3, 4]]),
    ("-x ** 2", {"x": [1, -2, 3]}, [1, 1, 1]),
    ("x.exp().log1p().sum(dim=1)", {"x": [[0, 1], [-1, 2]]}, [1, -1]),
    ("torch.tanh(x) @ torch.sigmoid(y)", {"x": [0.5, -1], "y": [2, 0.1]}, None),
    ("x.softmax(dim=1)", {"x": [[1, 2, 3], [0, 0, 0]]}, [[1, 0, 0], [0, 2, 0]]),
    ("x.log_softmax(dim=-1).mean()", {"x": [[1, 2, 3], [0, 0, 1]]}, None),
    ("torch.where(x > 0, x, 0.1 * x).sum()", {"x": [-2, -0.5, 0.5, 3]}, None),
    ("x.abs().sqrt().sum()", {"x": [4, -9, 0.25]}, None),
    ("(x.detach() * x).sum()", {"x": [1, 2, 3]}, None),
    ("x.t().reshape(-1)", {"x": [[1, 2], [3, 4]]}, [1, 2, 3, 4]),
    ("torch.cat([x, y], dim=0).max(dim=0).values.sum()", {"x": [[1, 5]], "y": [[3, 2], [0, 9]]}, None),
    ("torch.maximum(x, y).sum()", {"x": [1, 5, 2], "y": [3, 2, 2]}, None),
    ("(x * m).sum()", {"x": [1, 2, 3], "m": ([True, False, True], "bool", False)}, None),
    ("x.pow(k).sum()", {"x": [1, 2, 3], "k": ([2, 3, 1], "int64", False)}, None),
    ("x.sign().sum() + 0 * x.sum()", {"x": [-1, 0, 2]}, None),
    ("(x / y).prod()", {"x": ([1, 2, 3], "float64", True), "y": ([0.3, 0.7, 1.1], "float64", True)}, None),
    ("x.std() + x.var(dim=0).sum()", {"x": ([[1, 2], [3, 5], [4, 9]], "float64", True)}, None),
    ("x.log().sum()", {"x": [0, -1, math.e]}, None),
    ("x.sum()", {"x": [1, 2], "u": [7, 8]}, None),
    ("x > y", {"x": ([1, 5], "float32", False), "y": ([2, 3], "float32", False)}, None),
    ("x.argmax(dim=1)", {"x": ([[1, 5, 2], [9, 0, 3]], "float32", False)}, None),
    ("F.softplus(x).mean()", {"x": [-30, 0, 30]}, None),
]


def nested(tensor):
    def plain(value):
        if isinstance(value, list):
            return [plain(v) for v in value]
        if isinstance(value, float) and not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        return value

    return plain(tensor.tolist())


cases = []
for expression, given, grad_output in CASES:
    tensors, request = {}, {}
    for name, spec in given.items():
        data, dtype, grad = spec if isinstance(spec, tuple) else (spec, "float32", True)
        tensors[name] = torch.tensor(data, dtype=getattr(torch, dtype), requires_grad=grad)
        request[name] = {"data": data, "dtype": dtype, "requires_grad": grad}
    value = eval(expression, {"torch": torch, "F": F}, tensors)
    document = {"tensors": request, "expression": expression}
    if grad_output is not None:
        document["grad_output"] = grad_output
    if value.requires_grad:
        value.backward(None if grad_output is None else torch.tensor(grad_output, dtype=value.dtype))
    cases.append({
        "request": document,
        "answer": {
            "value": nested(value),
            "shape": list(value.shape),
            "dtype": str(value.dtype).replace("torch.", ""),
            "gradients": {n: None if t.grad is None else nested(t.grad)
                          for n, t in tensors.items() if t.requires_grad},
        },
    })

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "torch.json")
with open(path, "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
print(len(cases), "cases by torch", torch.__version__)
