#!/usr/bin/env bash
# Interop matrix and copy benchmark on a machine with a CUDA GPU: CuPy, PyTorch, Numba, JAX and Triton are used where
# they are, .NET comes along.
#
#   tar xzf tensorbridge-gpu.tar.gz && tensorbridge-gpu/gpu/run.sh OUT_DIR [OPTIONS of run.py]
#
# PYTHON names the interpreter (3.11 or newer; default: python3).
set -euo pipefail
exec "${PYTHON:-python3}" "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/run.py" "$@"
