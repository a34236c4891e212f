#!/usr/bin/env bash
# Every benchmark of the host, one after the other, with its table in benchmarks/results/. Arguments go to the copy
# benchmark (see peers/run.sh), which takes longest: `benchmarks/run.sh --sizes SL --effort 0.5`.
# Quiet the machine first: on a busy one only ratios within a run mean something, and not always those.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
results=$PWD/benchmarks/results
python=${TENSORBRIDGE_PYTHON:-/usr/bin/python3}
export PYTHONPATH=$PWD/artifacts/python
mkdir -p "$results"

echo "== exchange with Python"
"$python" benchmarks/python/exchange.py | tee "$results/exchange.txt"
echo "== kernels from Python"
"$python" benchmarks/kernels/kernels.py --json "$results/kernels.json" | tee "$results/kernels.txt"
echo "== copies beside memcpy, NumPy, PyTorch and TensorSpan"
exec benchmarks/peers/run.sh "$@"
