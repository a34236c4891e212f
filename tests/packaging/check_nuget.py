"""check_nuget.py FOLDER VERSION: the NuGet packages hold what their users need, and say what they are."""

import sys
import xml.etree.ElementTree as xml
import zipfile

NATIVE = "runtimes/linux-x64/native/"
PYTHON = ("__init__.py", "_version.py", "py.typed", "kernels.pyi", "demo.py")
EXPECTED = {
    "TensorBridge": ["lib/net10.0/TensorBridge.dll", "lib/net10.0/TensorBridge.xml"],
    "TensorBridge.Accelerators": ["lib/net10.0/TensorBridge.Accelerators.dll", "lib/net10.0/TensorBridge.Accelerators.xml", NATIVE + "libtensorbridge_cuda.so"],
    "TensorBridge.Python": [
        "lib/net10.0/TensorBridge.Python.dll",
        "lib/net10.0/TensorBridge.Python.xml",
        "buildTransitive/TensorBridge.Python.targets",
        NATIVE + "libtensorbridge.so",
        NATIVE + "_core.abi3.so",
        *(f"python/tensorbridge/{name}" for name in PYTHON),
    ],
    "TensorBridge.Cli": [
        "tools/net10.0/any/TensorBridge.Cli.dll",
        "tools/net10.0/any/libtensorbridge_cuda.so",
        "tools/net10.0/any/python/tensorbridge/_core.abi3.so",
        "tools/net10.0/any/python/tensorbridge/libtensorbridge.so",
        *(f"tools/net10.0/any/python/tensorbridge/{name}" for name in PYTHON),
    ],
}


def main(folder, version):
    for name, files in EXPECTED.items():
        package = zipfile.ZipFile(f"{folder}/{name}.{version}.nupkg")
        content = package.namelist()
        missing = [file for file in (*files, "README.md", "LICENSE") if file not in content]
        require(not missing, name, f"lacks {missing}")
        check_metadata(name, version, package.read(f"{name}.nuspec"))
        assembly = package.read(next(file for file in content if file.endswith(f"/{name}.dll")))
        require(b"MPDB" in assembly, name, "has no embedded symbols")
        require(b"TensorBridge.DemoKernels" not in package.read(f"{name}.nuspec"), name, "depends on the demo's kernels, which are not published")


def check_metadata(name, version, text):
    root = xml.fromstring(text)
    space = root.tag.removesuffix("package")
    metadata = {child.tag.removeprefix(space): child for child in root.find(f"{space}metadata")}
    for key in ("id", "version", "authors", "license", "readme", "description", "copyright", "tags", "repository"):
        require(key in metadata, name, f"says no {key}")
    require(metadata["version"].text == version, name, f"is version {metadata['version'].text}, expected {version}")
    require(metadata["repository"].get("commit"), name, "does not name its commit")


def require(condition, name, message):
    if not condition:
        sys.exit(f"{name}: {message}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
