"""For each DIR/NAME/: what torch makes of model.safetensors and model.pt for x.json, beside y.json.

Prints {"NAME": {"state_dict": deviation, "torchscript": deviation, …}}; a deviation is the largest |a - b| / max(1, |b|).
A parameter that cannot have its name as an attribute has an underscore after it: "renamed"."""
import json
import pathlib
import runpy
import struct
import sys
import warnings

import torch

warnings.simplefilter("ignore")
DTYPES = {"F32": torch.float32, "I64": torch.int64}


def safetensors(path):
    raw = bytearray(path.read_bytes())
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    tensors = {}
    for name, t in header.items():
        if name != "__metadata__":
            start, end = (8 + length + offset for offset in t["data_offsets"])
            data = torch.frombuffer(raw[start:end], dtype=DTYPES[t["dtype"]])
            tensors[name] = data.reshape(t["shape"])
    return tensors


def deviation(a, b):
    assert a.shape == b.shape, f"{a.shape} for {b.shape}"
    return ((a - b).abs() / b.abs().clamp(min=1)).max().item()


results = {}
for directory in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    if not (directory / "model.pt").exists():
        continue
    case = json.load(open(directory / "rows.json"))
    x = torch.tensor(case["x"]).reshape(case["x_shape"])
    y = torch.tensor(case["y"]).reshape(case["y_shape"])
    try:
        model = runpy.run_path(str(directory / "script.py"))["build_model"]()
        state = safetensors(directory / "model.safetensors")
        renamed = {n if n in model.state_dict() else n + "_": t for n, t in state.items()}
        model.load_state_dict(renamed)
        model.eval()
        scripted = torch.jit.load(str(directory / "model.pt"))
        assert not scripted.training
        offset, scale = torch.tensor(case["offset"]), torch.tensor(case["scale"])
        with torch.no_grad():
            scaled = (x - offset.reshape(x.shape[1:])) / scale.reshape(x.shape[1:]) if len(offset) else x
            results[directory.name] = {
                "state_dict": deviation(model(scaled), y),
                "torchscript": deviation(scripted(x), y),
                "renamed": sorted(set(state) - set(renamed)),
                "same_names": set(model.state_dict()) == set(scripted.state_dict()) - {"input_offset", "input_scale"},
                "learned": [n for n, p in model.named_parameters()] == [n for n, p in scripted.named_parameters()],
            }
    except Exception as e:
        results[directory.name] = {"error": f"{type(e).__name__}: {e}"}
print(json.dumps(results))
