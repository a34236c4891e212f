"""What this machine has: devices that kernels run on, and what is missing."""

import sys as _sys
from typing import NamedTuple, Optional

from ._tensor import _operation

__all__ = ["DeviceInfo", "Diagnosis", "Finding", "devices", "doctor"]


class Finding(NamedTuple):
    """One finding of doctor(): status is 'ok', 'warning' or 'failure'; cure is None where nothing is to be done."""

    status: str
    subject: str
    finding: str
    cure: Optional[str]


class Diagnosis(list):
    """The findings of doctor(), a list that prints as a table."""

    @property
    def ok(self):
        """True when nothing of tensorbridge is kept from working; warnings cost speed or a device."""
        return all(finding.status != "failure" for finding in self)

    def __repr__(self):
        words = {"ok": "ok", "warning": "warn", "failure": "FAIL"}
        width = max((len(finding.subject) for finding in self), default=0)
        lines = []
        for finding in self:
            lines.append(f"{words[finding.status]:4}  {finding.subject:{width}}  {finding.finding}")
            if finding.cure is not None:
                lines.append(f"      {'':{width}}  -> {finding.cure}")
        return "\n".join(lines)


class DeviceInfo(NamedTuple):
    """One device: its name in tensorbridge ('cpu', 'cuda:0'), ILGPU's kind, its driver's name, sizes; memory in bytes, None for the CPU."""

    device: str
    kind: str
    name: str
    warp_size: int
    max_threads_per_group: int
    memory: Optional[int]


def doctor():
    """Check everything tensorbridge depends on: platform, .NET, processor, native parts, Python, NumPy, CUDA, OpenCL, limits.

    Returns a Diagnosis, a list of Finding; print it for a table. Changes nothing and raises nothing.
    """
    return Diagnosis(Finding(*line) for line in _operation("_doctor")(_sys.executable or ""))


def devices():
    """The devices that kernels can run on: a list of DeviceInfo, the CPU among them."""
    return [DeviceInfo(*facts) for facts in _operation("_devices")()]
