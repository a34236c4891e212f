#!/usr/bin/env bash
# Times the host engine and its peers on every case, and writes the table, the numbers and the plot to benchmarks/results/.
#
#   benchmarks/peers/run.sh [--sizes SMLT] [--filter TEXT] [--effort X] [--name NAME]
#
# Every peer and every number of threads runs in a process of its own, one after the other, and is compared with the C library's memcpy of the same bytes in that
# process. System: NumPy of /usr/bin/python3. Debian sid (tests/peers/setup-sid.sh; needs root): current NumPy and PyTorch. What cannot run prints SKIP: reason.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../.." && pwd)
name=host
pass=()
while [ $# -gt 0 ]; do
    case $1 in
        --name) name=$2; shift 2 ;;
        --sizes | --filter | --effort) pass+=("$1" "$2"); shift 2 ;;
        *) echo "unknown option $1"; exit 2 ;;
    esac
done
work=$repository/artifacts/peers
rm -rf "$work" && mkdir -p "$work"
cd "$repository" || exit 1

python=$(command -v python3)
"$python" "$here/cases.py" "$work/cases.txt" || exit 1
dotnet build -c Release -v quiet "$here/TensorBridge.Peers" || exit 1
engine=$repository/artifacts/dotnet/bin/TensorBridge.Peers/release/TensorBridge.Peers

step() { echo "== $*"; }

step "TensorBridge, TensorSpan"
"$engine" "$work/cases.txt" "$work/tensorbridge.jsonl" "${pass[@]}" || exit 1

if /usr/bin/python3 -c 'import numpy' 2> /dev/null; then
    step "system NumPy"
    /usr/bin/python3 "$here/peers.py" numpy "$work/cases.txt" "$work/numpy-system.jsonl" "${pass[@]}" || exit 1
else
    echo "SKIP: /usr/bin/python3 has no NumPy"
fi

if "$repository/tests/peers/setup-sid.sh"; then
    sid=("$repository/tests/peers/run-in-sid.sh" python3 "$here/peers.py")
    step "NumPy of sid"
    "${sid[@]}" numpy "$work/cases.txt" "$work/numpy-sid.jsonl" "${pass[@]}" || exit 1
    for threads in 1 2; do
        step "PyTorch of sid, $threads thread(s)"
        "${sid[@]}" torch "$work/cases.txt" "$work/torch-$threads.jsonl" --threads "$threads" "${pass[@]}" || exit 1
    done
fi

step "report"
"$python" "$here/report.py" "$work" "$repository/benchmarks/results" "$name"
