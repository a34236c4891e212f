"""Runs the fuzzer or the Python tests with the sanitized libraries in place of the shipped ones.

usage: run.py fuzz | pytest     (variables TB_NATIVE, TB_PACKAGE; see CMakeLists.txt)
"""

import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.normpath(os.path.join(HERE, "..", "..", "python"))


def lay_out(folder, package, native):
    """A package of links: Python files and managed part as built, libraries from the sanitized build."""
    os.mkdir(folder)
    for name in os.listdir(package):
        source = os.path.join(native if name.endswith(".so") else package, name)
        os.symlink(source, os.path.join(folder, name))


def main():
    package, native = os.environ["TB_PACKAGE"], os.environ["TB_NATIVE"]
    if not os.path.isdir(os.path.join(package, "managed")):
        print("SKIP: the Python package is not built (dotnet build)")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        lay_out(os.path.join(folder, "tensorbridge"), package, native)
        environment = {**os.environ, "TENSORBRIDGE_PACKAGES": folder, "TB_SANITIZED": "1", "TB_EXCHANGE_PEER": os.path.join(native, "exchange_peer.so")}
        if sys.argv[1] == "fuzz":
            command = [sys.executable, os.path.join(TESTS, "fuzz.py"), "--count", "200000"]
        else:
            names = ["test_import.py", "test_dictionary.py", "test_export.py", "test_dlpack.py"]
            command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *(os.path.join(TESTS, name) for name in names)]
        return subprocess.run(command, env=environment).returncode


sys.exit(main())
