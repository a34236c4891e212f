"""check_wheel.py FILE.whl: its tag, its metadata and every line of its RECORD are what the file really holds."""

import base64
import csv
import email
import hashlib
import io
import sys
import zipfile


def main(path):
    wheel = zipfile.ZipFile(path)
    names = [name for name in wheel.namelist() if not name.endswith("/")]
    folder = next(name.split("/")[0] for name in names if name.endswith(".dist-info/RECORD"))
    check_record(wheel, names, f"{folder}/RECORD")
    metadata = email.message_from_bytes(wheel.read(f"{folder}/METADATA"))
    tags = email.message_from_bytes(wheel.read(f"{folder}/WHEEL"))
    require(tags["Tag"] == "cp311-abi3-linux_x86_64" and tags["Root-Is-Purelib"] == "false", f"wrong tags: {tags.items()}")
    require(folder == f"tensorbridge-{metadata['Version']}.dist-info", f"version {metadata['Version']} in {folder}")
    version = f'__version__ = "{metadata["Version"].partition("+")[0]}"\n'
    require(wheel.read("tensorbridge/_version.py").decode() == version, "METADATA and __version__ name different versions")
    for key in ("Name", "Summary", "License", "Requires-Python", "Author", "Description-Content-Type"):
        require(metadata[key], f"METADATA lacks {key}")
    require(metadata["Requires-Dist"] is None, "the package has no requirements")
    for name in ("__init__.py", "_version.py", "py.typed", "kernels.pyi", "_core.abi3.so", "libtensorbridge.so", "managed/TensorBridge.Python.dll",
                 "managed/TensorBridge.DemoKernels.dll", "managed/TensorBridge.Python.runtimeconfig.json", "managed/libtensorbridge_cuda.so"):
        require(f"tensorbridge/{name}" in names, f"tensorbridge/{name} is missing")
    require(not any("__pycache__" in name or name.endswith(".pdb") for name in names), "left-overs of a build are inside")


def check_record(wheel, names, record):
    rows = {row[0]: row[1:] for row in csv.reader(io.TextIOWrapper(wheel.open(record), "utf-8"))}
    require(sorted(rows) == sorted(names), f"RECORD and content differ: {sorted(set(rows) ^ set(names))}")
    for name, (digest, size) in rows.items():
        if name == record:
            continue
        content = wheel.read(name)
        expected = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        require((digest, size) == (f"sha256={expected}", str(len(content))), f"RECORD is wrong about {name}")


def require(condition, message):
    if not condition:
        sys.exit(f"{sys.argv[1]}: {message}")


if __name__ == "__main__":
    main(sys.argv[1])
