"""The parts of the wheel that pyproject.toml cannot say: its tag and its version.

`./build.sh pack` copies this folder, puts the libraries and assemblies into it and then calls setuptools; by itself
this file builds nothing. One extension module of the limited API of 3.11 serves every later CPython.
"""

import os

from setuptools import Distribution, setup
from wheel.bdist_wheel import bdist_wheel


class BinaryDistribution(Distribution):
    def has_ext_modules(self):
        return True


class Abi3Wheel(bdist_wheel):
    def get_tag(self):
        return "cp311", "abi3", "linux_x86_64"


setup(version=os.environ["TENSORBRIDGE_WHEEL_VERSION"], distclass=BinaryDistribution, cmdclass={"bdist_wheel": Abi3Wheel})
