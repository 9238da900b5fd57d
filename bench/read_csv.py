#!/usr/bin/env python3
"""Reads a CSV file of numbers and a last column of text as people do, each way twice.

Usage: read_csv.py FILE     one line for each reading: name, wall seconds, processor seconds
"""
import signal, sys, time

signal.signal(signal.SIGINT, signal.SIG_DFL)


def measure(name, read, path):
    for _ in range(2):
        wall, processor = time.perf_counter(), time.process_time()
        read(path)
        print(f"{name}\t{time.perf_counter() - wall:.3f}\t{time.process_time() - processor:.3f}", flush=True)


def main():
    path = sys.argv[1]
    try:
        import pandas

        measure(f"pandas {pandas.__version__} read_csv", pandas.read_csv, path)
    except ImportError:
        print("no pandas", file=sys.stderr)
    if path.endswith(".gz"):
        return
    try:
        import numpy

        with open(path) as file:
            numbers = range(file.readline().count(","))
        read = lambda p: numpy.loadtxt(p, delimiter=",", skiprows=1, usecols=numbers, dtype="float32")
        measure(f"numpy {numpy.__version__} loadtxt, without the classes", read, path)
    except ImportError:
        print("no numpy", file=sys.stderr)


main()
