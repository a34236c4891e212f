#!/usr/bin/env bash
# The copy benchmark on a machine with a CUDA GPU: ours, the baselines, one table, one plot.
#
#   benchmarks/gpu/copies.sh OUT_DIR [ARGS of the C# runner]
#
# DOTNET names the dotnet host (default: dotnet), GPU_BENCHMARK the folder with the published runner (default: the build's).
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:?usage: copies.sh OUT_DIR [ARGS]}
shift
mkdir -p "$out"
runner=${GPU_BENCHMARK:-$here/../../artifacts/dotnet/bin/TensorBridge.GpuBenchmark/release}
status=0
"${DOTNET:-dotnet}" exec "$runner/TensorBridge.GpuBenchmark.dll" --out "$out/tensorbridge.json" "$@" || status=$?
[ "$status" -eq 77 ] && exit 77
python3 "$here/baselines.py" --out "$out/baselines.json" || echo "no baselines (status $?)"
python3 "$here/report.py" "$out/tensorbridge.json" "$out/baselines.json" --out "$out/copies.md" --plot "$out/copies.png"
exit "$status"
