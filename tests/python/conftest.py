"""Puts the built package on the path and offers what several test modules need."""

import gc
import os
import subprocess
import sys

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PACKAGES = os.environ.get("TENSORBRIDGE_PACKAGES", os.path.join(ROOT, "artifacts", "python"))
sys.path.insert(0, PACKAGES)

import tensorbridge as tb


@pytest.fixture
def balance():
    """Checks that every block made during the test is released by its end."""
    gc.collect()
    before = tb._core.statistics()
    yield
    gc.collect()
    after = tb._core.statistics()
    assert after["created"] - after["released"] == before["created"] - before["released"]
    assert after["queued"] == 0


@pytest.fixture
def run_python():
    """Runs code in an interpreter of its own; answers exit code, standard output and standard error."""

    def run(code, python=sys.executable, timeout=60, environment=None):
        prelude = f"import sys; sys.path.insert(0, {PACKAGES!r})\n"
        result = subprocess.run(
            [python, "-c", prelude + code], capture_output=True, text=True, timeout=timeout, env={**os.environ, **(environment or {})}
        )
        return result.returncode, result.stdout, result.stderr

    return run
