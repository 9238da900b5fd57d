#!/usr/bin/env python3
"""Initialises models in real PyTorch and writes their parameters.

Usage: generate.py CASES.json OUT.json          (Debian: apt-get install python3-torch libopenblas0-pthread)

CASES.json is a list of {"seed", "layers"} with layers as in a model document. The program that they stand for:

    torch.manual_seed(seed); model = Sequential(layers in order)         # torch's default initialisation
    for each layer, for each parameter in its order: torch.nn.init.NAME_(parameter, **arguments), where "init" asks for it

OUT.json has, per case, the parameters, flattened and named as in state_dict().
"""
import json, sys
import torch
from torch import nn


def inits(layer):
    init = layer.get("init", {})
    return init if isinstance(init, dict) and not isinstance(init.get("type"), str) else {"weight": init}


def build(layer):
    arguments = {k: v for k, v in layer.items() if k != "type" and not (k == "init" and not isinstance(v, float))}
    return getattr(nn, layer["type"])(**arguments)


def run(case):
    torch.manual_seed(case["seed"])
    model = nn.Sequential(*[build(layer) for layer in case["layers"]])
    for layer, module in zip(case["layers"], model):
        wanted = {} if isinstance(layer.get("init"), float) else inits(layer)
        for name, parameter in module.named_parameters():
            if name in wanted:
                init = wanted[name]
                arguments = {"type": init} if isinstance(init, str) else dict(init)
                getattr(nn.init, arguments.pop("type").rstrip("_") + "_")(parameter, **arguments)
    return {k: v.flatten().tolist() for k, v in model.named_parameters()}


cases = json.load(open(sys.argv[1]))
json.dump({"torch": torch.__version__, "cases": [run(c) for c in cases]}, open(sys.argv[2], "w"), indent=0)
