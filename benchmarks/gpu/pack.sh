#!/usr/bin/env bash
# One archive for a machine with a GPU and no .NET: runtime, Python package, kernels, the copy benchmark, the scripts.
#
#   benchmarks/gpu/pack.sh OUT.tar.gz [--built]
#
# Builds first (./build.sh build); --built takes artifacts/ as it is. Prints the size, and fails above 64 MiB.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=$root/artifacts/dotnet/bin
limit=$((64 << 20))

die() {
    printf 'pack: %s\n' "$*" >&2
    exit 1
}

# shellcheck source=../../src/TensorBridge.Python/runtime.sh
source "$root/src/TensorBridge.Python/runtime.sh"

lay_out_package() {
    cp -r "$root/artifacts/python/tensorbridge" "$1/"
    find "$1" -name __pycache__ -prune -exec rm -r {} +
    find "$1" \( -name '*.xml' -o -name '*.pdb' \) -delete
    local version folder=$1/tensorbridge/dotnet
    version=$(runtime_version)
    [ -n "$version" ] || die "no .NET 10 runtime to bring along"
    lay_out_runtime "$folder" "$version"
    # The benchmark is a program of its own; debuggers, dumps and other collectors are not for a run.
    cp "$(dirname "$(readlink -f "$(command -v dotnet)")")/dotnet" "$folder/"
    (cd "$folder/shared/Microsoft.NETCore.App/$version" && rm -f libmscordaccore.so libmscordbi.so createdump libclrgc.so libclrgcexp.so libcoreclrtraceptprovider.so)
}

# What lies in the package already becomes a link to it, which tar stores once.
lay_out_program() {
    local folder=$1 package=$2 file name
    mkdir -p "$folder"
    for file in "$3"/*.dll "$3"/*.deps.json "$3"/*.runtimeconfig.json; do
        name=$(basename "$file")
        if cmp -s "$file" "$package/managed/$name"; then
            ln "$package/managed/$name" "$folder/$name"
        else
            cp "$file" "$folder/"
        fi
    done
    ln "$package/managed/libtensorbridge_cuda.so" "$folder/"
}

lay_out_scripts() {
    (cd "$root/benchmarks/gpu" && find . -name __pycache__ -prune -o \( -name '*.py' -o -name run.sh -o -name README.md \) -print0 | xargs -0 cp --parents -t "$1")
    cp "$root/tests/python/dlpack_structs.py" "$1/"
}

out=${1:?usage: pack.sh OUT.tar.gz [--built]}
out=$(cd "$(dirname "$out")" && pwd)/$(basename "$out")
case ${2:-} in
--built) ;;
'') "$root/build.sh" build ;;
*) die "there is no option '$2'; there is --built" ;;
esac
[ -e "$bin/TensorBridge.GpuBenchmark/release/TensorBridge.GpuBenchmark.dll" ] || die "nothing is built: run ./build.sh build"
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
top=$stage/tensorbridge-gpu
mkdir -p "$top"/{python,kernels,gpu}
lay_out_package "$top/python"
lay_out_program "$top/benchmark" "$top/python/tensorbridge" "$bin/TensorBridge.GpuBenchmark/release"
lay_out_program "$top/kernels" "$top/python/tensorbridge" "$bin/TensorBridge.SampleKernels/release"
lay_out_scripts "$top/gpu"
tar -C "$stage" -cf - tensorbridge-gpu | gzip "-${GZIP_LEVEL:-9}" >"$out"
size=$(stat -c %s "$out")
awk -v bytes="$size" -v out="$out" 'BEGIN { printf "%.1f MiB  %s\n", bytes / 1048576, out }'
[ "$size" -le "$limit" ] || die "the archive is larger than 64 MiB"
