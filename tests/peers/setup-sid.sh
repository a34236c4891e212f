#!/usr/bin/env bash
# Sets up a Debian sid tree with the current NumPy and PyTorch, the peers that the tests and benchmarks compare with.
# The system itself is left alone: everything goes below one cache folder, debootstrap included.
#
#   tests/peers/setup-sid.sh            sets up once; later calls return at once
#   tests/peers/run-in-sid.sh CMD...    runs a command inside
#
# Needs root (chroot, and a mount namespace for /proc and /dev) and about 4 GB. Where that is impossible it prints
# "SKIP: reason" and leaves with status 77. TENSORBRIDGE_SID names another folder.
set -uo pipefail

root=${TENSORBRIDGE_SID:-$HOME/.cache/tensorbridge/sid}
log=$root.log
packages="python3 python3-numpy python3-torch"
tools_inside="python3-pytest" # added to a tree that lacks them

skip() { echo "SKIP: $*"; exit 77; }

ready() { [ -e "$root/.ready" ] && [ "$(cat "$root/.ready")" = "$packages" ]; }

in_sid() { "$(dirname "$0")/run-in-sid.sh" --unready "$@"; }

finish() {
    if [ ! -e "$root/usr/bin/pytest-3" ]; then
        in_sid env DEBIAN_FRONTEND=noninteractive apt-get install -y $tools_inside >> "$log" 2>&1 || skip "installing $tools_inside failed inside sid; see $log"
    fi
    echo "sid is ready in $root"
    exit 0
}

ready && [ -e "$root/usr/bin/pytest-3" ] && finish
[ "$(id -u)" = 0 ] || skip "the sid peers need root (chroot)"
unshare --mount true 2>/dev/null || skip "the sid peers need a mount namespace"
mkdir -p "$(dirname "$root")" || skip "cannot create $(dirname "$root")"

# Two callers at once: the second waits for the first and then finds the tree ready.
exec 9> "$root.lock"
flock 9
ready && finish
[ "$(df --output=avail -k "$(dirname "$root")" | tail -n 1)" -gt 5000000 ] || skip "less than 5 GB free for the sid tree"

# The mirror is the one this system uses already.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | grep '/debian/*$' | head -n 1)
[ -n "$mirror" ] || skip "no Debian mirror in the system's apt sources"

if ! command -v debootstrap > /dev/null; then
    tools=$root.tools
    mkdir -p "$tools" && cd "$tools" || skip "cannot create $tools"
    { apt-get download debootstrap || { apt-get update && apt-get download debootstrap; }; } > "$log" 2>&1 || skip "no debootstrap; see $log"
    dpkg -x debootstrap_*.deb . || skip "cannot unpack debootstrap"
    cd - > /dev/null || exit 1
    export DEBOOTSTRAP_DIR=$tools/usr/share/debootstrap PATH=$tools/usr/sbin:$PATH
fi

rm -rf "$root"
echo "setting up sid in $root (log: $log)"
debootstrap --variant=minbase sid "$root" "$mirror" >> "$log" 2>&1 || skip "debootstrap failed; see $log"
cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null
cp /etc/apt/apt.conf.d/*proxy* "$root/etc/apt/apt.conf.d/" 2>/dev/null
# A mirror frozen at some date is welcome: its signature still has to be valid, its "valid until" not.
printf 'APT::Install-Recommends "false";\nAcquire::Languages "none";\nAcquire::Check-Valid-Until "false";\n' > "$root/etc/apt/apt.conf.d/90lean"
# No service may start inside.
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d" && chmod +x "$root/usr/sbin/policy-rc.d"
in_sid env DEBIAN_FRONTEND=noninteractive apt-get update >> "$log" 2>&1 || skip "apt-get update failed inside sid; see $log"
# shellcheck disable=SC2086  # a list of packages
in_sid env DEBIAN_FRONTEND=noninteractive apt-get install -y $packages >> "$log" 2>&1 || skip "installing $packages failed inside sid; see $log"
rm -f "$root"/var/cache/apt/archives/*.deb
in_sid python3 -c 'import numpy, torch; print("numpy", numpy.__version__, "torch", torch.__version__)' || skip "numpy or torch does not import inside sid"
printf '%s\n' "$packages" > "$root/.ready"
finish
