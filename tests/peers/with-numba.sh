#!/usr/bin/env bash
# Runs a command with Debian's Numba on its paths. The packages are unpacked below a cache folder once; the system stays as it
# is. Where that is impossible the command runs without Numba, after a line "SKIP: reason".
#
#   tests/peers/with-numba.sh python3 benchmarks/kernels/kernels.py
set -uo pipefail

root=${TENSORBRIDGE_NUMBA:-$HOME/.cache/tensorbridge/numba}
packages="python3-numba python3-llvmlite libllvm14 libtbb12 libgomp1"

unpack() {
    local downloads=$root.downloads
    mkdir -p "$downloads" && cd "$downloads" || return 1
    # shellcheck disable=SC2086  # a list of packages
    { apt-get download $packages || { apt-get update && apt-get download $packages; }; } >"$root.log" 2>&1 || return 1
    local file
    for file in *.deb; do
        dpkg -x "$file" "$root.new" || return 1
    done
    rm -rf "$root" "$downloads" && mv "$root.new" "$root"
}

if /usr/bin/python3 -c 'import numba' 2>/dev/null; then
    exec "$@"
fi
if [ ! -d "$root" ] && ! (unpack); then
    echo "SKIP: Numba cannot be downloaded; see $root.log"
    exec "$@"
fi
export LD_LIBRARY_PATH=$root/usr/lib/x86_64-linux-gnu${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export PYTHONPATH=$root/usr/lib/python3/dist-packages${PYTHONPATH:+:$PYTHONPATH}
exec "$@"
