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

echo "== arrays in and out, beside NumPy"
"$python" benchmarks/interop/interop.py --json interop-system
echo "== the same beside current NumPy and PyTorch"
if tests/peers/setup-sid.sh; then
    tests/peers/run-in-sid.sh env PYTHONPATH="$PYTHONPATH" python3 benchmarks/interop/interop.py --json interop-sid
fi
echo "== kernels from Python"
tests/peers/with-numba.sh "$python" benchmarks/kernels/kernels.py --json "$results/kernels.json"
echo "== comparisons beside NumPy"
"$python" benchmarks/compare/compare.py --json "$results/compare.json"
echo "== copies beside memcpy, NumPy, PyTorch and TensorSpan"
benchmarks/peers/run.sh "$@"
echo "== the pages that show these figures"
TENSORBRIDGE_RECORD=1 "$python" -m pytest -q -p no:cacheprovider tests/python/test_documents.py -k written_regions
