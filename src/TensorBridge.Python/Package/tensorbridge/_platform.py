"""Says clearly where the package does not run. Plain syntax: old interpreters have to get as far as the message.

`platform` and `sysconfig` would answer these questions too, but importing them takes longer than importing all of this
package.
"""

import os
import sys


def check():
    """Raises ImportError on an interpreter or a platform that is not supported."""
    if sys.implementation.name != "cpython":
        raise ImportError("tensorbridge needs CPython, this is " + sys.implementation.name)
    if sys.version_info < (3, 11):
        raise ImportError("tensorbridge needs CPython 3.11 or newer, this is " + sys.version.split()[0])
    if "t" in getattr(sys, "abiflags", ""):
        raise ImportError("tensorbridge needs CPython with the GIL, this is a free-threaded build")
    machine = os.uname().machine if hasattr(os, "uname") else "unknown machine"
    if sys.platform != "linux" or machine != "x86_64":
        raise ImportError("tensorbridge is built for linux-x64, this is " + sys.platform + "-" + machine)


def explain(error):
    """The ImportError to raise when the extension module cannot be loaded."""
    if "subinterpreter" in str(error):
        return ImportError("tensorbridge works in the main interpreter only, not in a subinterpreter")
    folder = os.path.dirname(os.path.abspath(__file__))
    missing = [name for name in ("_core.abi3.so", "libtensorbridge.so") if not os.path.exists(os.path.join(folder, name))]
    if missing:
        return ImportError("tensorbridge is incomplete: " + " and ".join(missing) + " missing from " + folder + "; build it with ./build.sh build")
    return ImportError("the native part of tensorbridge cannot be loaded: " + str(error))
