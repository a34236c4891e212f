#!/usr/bin/env bash
# Runs a command inside the sid tree that setup-sid.sh made. Needs root. The current repository is seen under its own
# path, writable, and becomes the working directory when the caller stands inside it; so is every folder in
# TENSORBRIDGE_SID_BIND (separated by colons); .NET is seen at /usr/share/dotnet, read-only. Status 77 and "SKIP: reason" where the tree is missing.
set -uo pipefail

root=${TENSORBRIDGE_SID:-$HOME/.cache/tensorbridge/sid}
if [ "${1:-}" = --unready ]; then shift
elif [ ! -e "$root/.ready" ]; then echo "SKIP: no sid tree in $root; run tests/peers/setup-sid.sh"; exit 77
fi
[ "$(id -u)" = 0 ] || { echo "SKIP: the sid peers need root (chroot)"; exit 77; }

repository=$(cd "$(dirname "$0")/../.." && pwd)
case "$PWD/" in "$repository"/*) directory=$PWD ;; *) directory=/ ;; esac
dotnet=${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet || echo /usr/share/dotnet/dotnet)")")}
export SID_ROOT=$root SID_BIND=$repository:${TENSORBRIDGE_SID_BIND:-} SID_DIRECTORY=$directory SID_DOTNET=$dotnet HOME=/root LC_ALL=C.UTF-8
unset DOTNET_ROOT DOTNET_ROOT_X64 TENSORBRIDGE_PYTHON
# The mounts live in a namespace of their own and vanish with the command.
exec unshare --mount bash -c '
    mount --make-rprivate /
    mount -t proc proc "$SID_ROOT/proc"
    mount --rbind /dev "$SID_ROOT/dev"
    mount --rbind /sys "$SID_ROOT/sys" 2>/dev/null
    IFS=:
    for folder in $SID_BIND; do
        [ -n "$folder" ] || continue
        mkdir -p "$SID_ROOT$folder" && mount --rbind "$folder" "$SID_ROOT$folder"
    done
    if [ -d "$SID_DOTNET/shared" ]; then
        mkdir -p "$SID_ROOT/usr/share/dotnet" && mount --rbind "$SID_DOTNET" "$SID_ROOT/usr/share/dotnet"
        mount -o remount,bind,ro "$SID_ROOT/usr/share/dotnet"
    fi
    exec chroot "$SID_ROOT" /usr/bin/env -C "$SID_DIRECTORY" "$@"' run-in-sid "$@"
