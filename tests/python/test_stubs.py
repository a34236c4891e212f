"""The stubs as type checkers see them: mypy takes them, they are what the package is, and they catch what is wrong."""

import os
import subprocess
import sys

import pytest

pytest.importorskip("mypy", reason="needs mypy: apt-get install python3-mypy")

from conftest import PACKAGES

# Names that the stubs and the package cannot share: Python has the method from 3.12 on; the native core is no Python module.
DIFFERENCES = """
tensorbridge._core.TensorBase.__buffer__
tensorbridge.libtensorbridge
"""

RIGHT = """
import numpy as np
import tensorbridge as tb

x = np.zeros(3)
t: tb.Tensor = tb.asarray(x)
with t as u:
    print(u.shape[0], u.strides, len(u), list(u), float(u[0]), u.T.dtype.str, u.dtype.names)
with tb.load("a.dll") as module:
    kernel: tb.Kernel = module.kernel("a")
    kernel(2.0, x, t, stream=None, engine="host", extent=(3,))
    kernel[1, (2, 3)](x)
for info in tb.devices():
    print(info.device.upper(), tb.doctor().ok)
tb.copyto(t, 5, casting="unsafe", progress=lambda done, total: print(done, total))
print(tb.describe(x).dtype.itemsize + 1, tb.array_equal(x, t), tb.open_npy("a.npy").nbytes)
"""

WRONG = """
import tensorbridge as tb

tb.copyto(tb.zeros(3), 5, casting="wrong")
tb.zeros(3) + 1
tb.load(5)
tb.zeros(3).shape = (1, 3)
tb.no_such_name
"""


def mypy(*arguments):
    environment = {**os.environ, "MYPYPATH": PACKAGES, "PYTHONPATH": os.pathsep.join([PACKAGES, *filter(None, [os.environ.get("PYTHONPATH")])])}
    result = subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True, timeout=300, env=environment)
    return result.returncode, result.stdout + result.stderr


def check(text, folder):
    (folder / "program.py").write_text(text)
    return mypy("mypy", "--strict", "--ignore-missing-imports", f"--cache-dir={folder / 'cache'}", str(folder / "program.py"))


def test_stubs_and_package_agree(tmp_path):
    (tmp_path / "differences").write_text(DIFFERENCES)
    code, output = mypy("mypy.stubtest", "tensorbridge", "--allowlist", str(tmp_path / "differences"), "--ignore-unused-allowlist")
    assert code == 0, output


def test_a_right_program_is_taken(tmp_path):
    code, output = check(RIGHT, tmp_path)
    assert code == 0, output


def test_a_wrong_program_is_not(tmp_path):
    code, output = check(WRONG, tmp_path)
    assert code == 1 and {line.split(":")[1] for line in output.splitlines() if ": error:" in line} == {"4", "5", "6", "7", "8"}, output
