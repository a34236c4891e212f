"""Files of results that are whole at every moment, whatever ends the process."""

import json
import os


def write(path, content):
    """Replaces a JSON file at once."""
    spare = f"{path}.new"
    with open(spare, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
    os.replace(spare, path)


def read(path):
    """The content of a JSON file; None where there is none."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return None
