"""The array libraries under test, each behind the same few methods. See ``base.Library``."""

import importlib

def open_library(name, driver):
    """The library of that name; raises ``base.Missing`` with the way to get it where it is not installed or sees no GPU."""
    return importlib.import_module(f"{__name__}.with_{name}").open_library(driver)
