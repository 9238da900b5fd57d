"""Evaluates CASES.json [{"expression", "python", "value", "shape", "dtype"}] over TENSORS of torch.json."""
import json
import math
import sys

import torch
from torch.nn import functional as F

fixture = json.load(open(sys.argv[1]))
tensors = {
    name: torch.tensor(t["data"], dtype=torch.float64).to(getattr(torch, t["dtype"])).reshape(t["shape"])
    for name, t in fixture["tensors"].items()
}
wrong = []
for case in json.load(open(sys.argv[2])):
    try:
        value = eval(case["python"], {"torch": torch, "F": F, "math": math}, dict(tensors))
    except Exception as e:
        wrong.append(f"{case['expression']}: {case['python']}: {e}")
        continue
    expected = torch.tensor(case["value"], dtype=torch.float64)
    same = (
        str(value.dtype)[6:] == case["dtype"]
        and list(value.shape) == case["shape"]
        and torch.allclose(value.double().flatten(), expected, rtol=1e-6, atol=1e-7)
    )
    if not same:
        wrong.append(f"{case['expression']}: {case['python']}: {value} for {expected}")
print("\n".join(wrong), end="")
