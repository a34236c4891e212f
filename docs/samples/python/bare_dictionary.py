"""Somebody's interface dictionary, or a pointer, becomes an array: no holder class."""

import ctypes

import numpy as np
import tensorbridge as tb

memory = (ctypes.c_float * 6)(1, 2, 3, 4, 5, 6)
address = ctypes.addressof(memory)

t = tb.from_array_interface({"data": (address, False), "shape": (2, 3), "typestr": "<f4", "version": 3}, owner=memory)
u = tb.from_pointer(address, "<f4", (3, 2), strides=(4, 12), owner=memory)  # the same memory, transposed

np.asarray(t)[1, 2] = 60
print(f"{u.shape} {u.strides} {np.asarray(u)[2, 1]} {memory[5]}")
