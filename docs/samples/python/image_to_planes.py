"""An image of interleaved pixels (height, width, channel) becomes planes of floats (channel, height, width)."""

import numpy as np
import tensorbridge as tb

image = np.zeros((480, 640, 3), "u1")
image[...] = (0, 100, 200)

planes = tb.astype(image.transpose(2, 0, 1), "f4", order="C")  # converts and rearranges in one pass
print(planes.shape, planes.strides, np.asarray(planes)[:, 0, 0])
