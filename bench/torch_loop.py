#!/usr/bin/env python3
"""Trains one job document in PyTorch with the loops that people write, and prints as JSON what it took.

Usage: torch_loop.py [--skip N] < JOB.json     N: epochs at the start that are not measured (default 1)
       torch_loop.py --about                   one line on torch and its threads; exit 1 without a fast BLAS

Random numbers are drawn in the order that the document stands for, so the index loop computes the very losses that
Trainyard computes. DataLoader draws its own order; only its time counts.
"""
import argparse, ctypes, json, re, resource, signal, statistics, sys, time
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def data(spec):
    torch.manual_seed(spec["seed"])
    n = spec["samples"]
    x = torch.randn(n, *spec["input_shape"])
    y = torch.randint(0, spec["classes"], (n,)) if "classes" in spec else torch.randn(n, *spec["target_shape"])
    return x, y


def build(spec, kinds, *first):
    return getattr(kinds, spec["type"])(*first, **{k: v for k, v in spec.items() if k != "type"})


def index_batches(x, y, size, shuffle):
    """New batches for each call: randperm and x[i]; without shuffling slices, which copy nothing."""

    def epoch():
        order = torch.randperm(len(x)) if shuffle else None
        for begin in range(0, len(x), size):
            rows = slice(begin, begin + size) if order is None else order[begin : begin + size]
            yield x[rows], y[rows]

    return epoch


def loader_batches(x, y, size, shuffle):
    loader = DataLoader(TensorDataset(x, y), batch_size=size, shuffle=shuffle)
    return lambda: iter(loader)


def train(job, batches, skip):
    x, y = data(job["dataset"])
    size = job["batch_size"] or len(x)
    torch.manual_seed(job["seed"])
    model = nn.Sequential(*[build(layer, nn) for layer in job["model"]["layers"]])
    loss_fn = build(job["loss"], nn)
    optimizer = build(job["optimizer"], torch.optim, model.parameters())
    epoch = batches(x, y, size, job["shuffle"])
    losses, seconds = [], []
    for _ in range(job["epochs"]):
        start = time.perf_counter()
        total = 0.0
        for xb, yb in epoch():
            loss = loss_fn(model(xb), yb)
            optimizer.zero_grad(set_to_none=True)  # the faster way; what newer versions do by default
            loss.backward()
            optimizer.step()
            total += loss.item() * len(xb)
        seconds.append(time.perf_counter() - start)
        losses.append(total / len(x))
    steps = -(-len(x) // size)
    return {
        "us_per_step": statistics.median(seconds[skip:]) / steps * 1e6,
        "train_loss": losses[-1],
        "train_losses": losses,
        # of the process up to here
        "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def about():
    """torch's threads, and those of OpenBLAS, which has a pool of its own."""
    torch.ones(2, 2) @ torch.ones(2, 2)  # loads the BLAS library
    with open("/proc/self/maps") as maps:
        libraries = set(re.findall(r"/\S*(?:openblas|mkl|blas)\S*", maps.read()))
    text = f"torch {torch.__version__} with {torch.get_num_threads()} thread(s) by default"
    openblas = next((path for path in libraries if "openblas" in path), None)
    if openblas:
        try:
            text += f", OpenBLAS with {ctypes.CDLL(openblas).openblas_get_num_threads()}"
        except AttributeError:
            text += ", OpenBLAS"
    elif torch.backends.mkl.is_available():
        text += ", MKL"
    else:
        raise SystemExit("torch computes with a slow BLAS: apt-get install libopenblas0-pthread")
    print(text)


def main():
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # ends without a traceback
    parser = argparse.ArgumentParser()
    parser.add_argument("--skip", type=int, default=1)
    parser.add_argument("--about", action="store_true")
    arguments = parser.parse_args()
    if arguments.about:
        about()
        return
    job = json.load(sys.stdin)
    loops = {"index": index_batches, "loader": loader_batches}
    json.dump({name: train(job, batches, arguments.skip) for name, batches in loops.items()}, sys.stdout, indent=1)
    print()


main()
