"""Wrote the files beside it, with NumPy 1.24: python3 make.py"""
import numpy

x = numpy.array([[0.1, -2.5], [1e-7, 3.0], [4.25, 16777217.0]])
y = numpy.array([7, -1, 7])
numpy.savez("plain.npz", x=x, y=y)
numpy.savez_compressed("compressed.npz", y=y.astype("u1") % 3, names=numpy.array(["a", "b"]), x=x.astype("f4"))
numpy.savez("images.npz", x=numpy.arange(24, dtype="u1").reshape(2, 3, 4), y=numpy.array([[0.5, 1.5], [2.5, 3.5]]))
numpy.savez("objects.npz", x=x, y=numpy.array(["cat", "dog", None], dtype=object))
