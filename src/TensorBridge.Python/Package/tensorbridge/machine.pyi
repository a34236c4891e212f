from typing import Literal, NamedTuple, Optional

class Finding(NamedTuple):
    status: Literal["ok", "warning", "failure"]
    subject: str
    finding: str
    cure: Optional[str]

class Diagnosis(list[Finding]):
    @property
    def ok(self) -> bool: ...

class DeviceInfo(NamedTuple):
    device: str
    kind: str
    name: str
    warp_size: int
    max_threads_per_group: int
    memory: Optional[int]

def doctor() -> Diagnosis: ...
def devices() -> list[DeviceInfo]: ...
