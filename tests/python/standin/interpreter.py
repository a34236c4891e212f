"""Lets the driver stand-in of this process execute kernels."""

import os

import tensorbridge as tb

_module = tb.load(os.environ["TENSORBRIDGE_INTERPRETER"])
_module.kernel("StandIn.Install")()
last_fault = _module.kernel("StandIn.LastFault")
