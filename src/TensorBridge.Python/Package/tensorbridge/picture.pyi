import os
from typing import Any, Optional, Union

def show(
    x: Any, path: Union[str, os.PathLike[str]], *, low: Optional[float] = None, high: Optional[float] = None
) -> tuple[float, float]: ...
