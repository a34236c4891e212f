"""check_sourcelink.py ASSEMBLY COMMIT [URL]: where the embedded symbols say that the sources are.

With URL, the address of the repository's raw files, every source must be mapped to that address at COMMIT; without it (a
checkout without a remote) nothing may be mapped. The assembly itself names COMMIT either way.
"""

import json
import re
import struct
import sys
import zlib


def main(path, commit, url=None):
    assembly = open(path, "rb").read()
    require(commit.encode() in assembly, f"the assembly's informational version does not name {commit}")
    mapping = source_link(symbols(assembly))
    if url is None:
        require(mapping is None, f"without a remote there is a mapping: {mapping}")
        return
    require(mapping is not None, "the symbols have no SourceLink mapping")
    require(set(mapping) == {"documents"} and len(mapping["documents"]) >= 1, f"unexpected mapping {mapping}")
    for target in mapping["documents"].values():
        require(target == f"{url}/{commit}/*", f"sources are mapped to {target}")
    print(f"-> {mapping}")


def symbols(assembly):
    """The portable PDB inside the assembly: a signature, the size, then a deflated stream."""
    at = assembly.find(b"MPDB")
    require(at >= 0, "no embedded symbols")
    (size,) = struct.unpack_from("<I", assembly, at + 4)
    text = zlib.decompressobj(-15).decompress(assembly[at + 8 :])
    require(len(text) == size, f"{len(text)} bytes of symbols, {size} announced")
    return text


def source_link(text):
    found = re.search(rb'\{"documents":\{[^{}]*\}\}', text)
    return json.loads(found[0]) if found else None


def require(condition, message):
    if not condition:
        sys.exit(f"{sys.argv[1]}: {message}")


if __name__ == "__main__":
    main(*sys.argv[1:])
