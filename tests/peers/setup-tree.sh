#!/usr/bin/env bash
# Sets up a tree of another Debian release with its Python and NumPy, and for sid PyTorch: the peers that tests and
# benchmarks compare with, and other Pythons for the wheel. The system itself is left alone: everything goes below one
# cache folder, debootstrap included.
#
#   tests/peers/setup-tree.sh sid            sets up once; later calls return at once. There are sid and trixie
#   tests/peers/run-in-tree.sh sid CMD...    runs a command inside
#
# Needs root (chroot, and a mount namespace for /proc and /dev) and about 4 GB for sid, 1 GB for trixie. Where that is
# impossible it prints "SKIP: reason" and leaves with status 77. TENSORBRIDGE_TREES names another folder for the trees.
set -uo pipefail

suite=${1:?sid or trixie}
root=${TENSORBRIDGE_TREES:-$HOME/.cache/tensorbridge}/$suite
log=$root.log
case $suite in
sid) packages="python3 python3-numpy python3-torch" space=5000000 ;;
trixie) packages="python3 python3-numpy" space=1500000 ;;
*) echo "unknown release '$suite': there are sid and trixie" >&2; exit 2 ;;
esac
tools_inside="python3-pytest" # added to a tree that lacks them

skip() { echo "SKIP: $*"; exit 77; }

ready() { [ -e "$root/.ready" ] && [ "$(cat "$root/.ready")" = "$packages" ]; }

here=$(cd "$(dirname "$0")" && pwd)

inside() { "$here/run-in-tree.sh" "$suite" --unready "$@"; }

finish() {
    if [ ! -e "$root/usr/bin/pytest-3" ]; then
        inside env DEBIAN_FRONTEND=noninteractive apt-get install -y $tools_inside >> "$log" 2>&1 || skip "installing $tools_inside failed inside $suite; see $log"
    fi
    echo "$suite is ready in $root"
    exit 0
}

ready && [ -e "$root/usr/bin/pytest-3" ] && finish
[ "$(id -u)" = 0 ] || skip "the trees of other releases need root (chroot)"
unshare --mount true 2>/dev/null || skip "the trees of other releases need a mount namespace"
mkdir -p "$(dirname "$root")" || skip "cannot create $(dirname "$root")"

# Two callers at once: the second waits for the first and then finds the tree ready.
exec 9> "$root.lock"
flock 9
ready && finish
[ "$(df --output=avail -k "$(dirname "$root")" | tail -n 1)" -gt "$space" ] || skip "less than $((space / 1000000)) GB free for the $suite tree"

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
echo "setting up $suite in $root (log: $log)"
debootstrap --variant=minbase "$suite" "$root" "$mirror" >> "$log" 2>&1 || skip "debootstrap failed; see $log"
cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null
cp /etc/apt/apt.conf.d/*proxy* "$root/etc/apt/apt.conf.d/" 2>/dev/null
# A mirror frozen at some date is welcome: its signature still has to be valid, its "valid until" not.
printf 'APT::Install-Recommends "false";\nAcquire::Languages "none";\nAcquire::Check-Valid-Until "false";\n' > "$root/etc/apt/apt.conf.d/90lean"
# No service may start inside.
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d" && chmod +x "$root/usr/sbin/policy-rc.d"
inside env DEBIAN_FRONTEND=noninteractive apt-get update >> "$log" 2>&1 || skip "apt-get update failed inside $suite; see $log"
# shellcheck disable=SC2086  # a list of packages
inside env DEBIAN_FRONTEND=noninteractive apt-get install -y $packages >> "$log" 2>&1 || skip "installing $packages failed inside $suite; see $log"
rm -f "$root"/var/cache/apt/archives/*.deb
inside python3 -c 'import sys, numpy; print("Python", sys.version.split()[0], "NumPy", numpy.__version__)' || skip "NumPy does not import inside $suite"
[ "$suite" != sid ] || inside python3 -c 'import torch; print("PyTorch", torch.__version__)' || skip "PyTorch does not import inside sid"
printf '%s\n' "$packages" > "$root/.ready"
finish
