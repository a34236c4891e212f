#!/usr/bin/env bash
# run-in-tree.sh RELEASE CMD...: runs a command inside the tree that setup-tree.sh made. Needs root. The current repository is seen under its own
# path, writable, and becomes the working directory when the caller stands inside it; so is every folder in
# TENSORBRIDGE_TREE_BIND (separated by colons); .NET is seen at /usr/share/dotnet, read-only. Status 77 and "SKIP: reason" where the tree is missing.
set -uo pipefail

suite=${1:?sid or trixie}
shift
root=${TENSORBRIDGE_TREES:-$HOME/.cache/tensorbridge}/$suite
if [ "${1:-}" = --unready ]; then shift
elif [ ! -e "$root/.ready" ]; then echo "SKIP: no $suite tree in $root; run tests/peers/setup-tree.sh $suite"; exit 77
fi
[ "$(id -u)" = 0 ] || { echo "SKIP: the $suite tree needs root (chroot)"; exit 77; }

repository=$(cd "$(dirname "$0")/../.." && pwd)
case "$PWD/" in "$repository"/*) directory=$PWD ;; *) directory=/ ;; esac
dotnet=${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet || echo /usr/share/dotnet/dotnet)")")}
export TREE_ROOT=$root TREE_BIND=$repository:${TENSORBRIDGE_TREE_BIND:-} TREE_DIRECTORY=$directory TREE_DOTNET=$dotnet HOME=/root LC_ALL=C.UTF-8
unset DOTNET_ROOT DOTNET_ROOT_X64 TENSORBRIDGE_PYTHON
# The mounts live in a namespace of their own and vanish with the command.
exec unshare --mount bash -c '
    mount --make-rprivate /
    mount -t proc proc "$TREE_ROOT/proc"
    mount --rbind /dev "$TREE_ROOT/dev"
    mount --rbind /sys "$TREE_ROOT/sys" 2>/dev/null
    IFS=:
    for folder in $TREE_BIND; do
        [ -n "$folder" ] || continue
        mkdir -p "$TREE_ROOT$folder" && mount --rbind "$folder" "$TREE_ROOT$folder"
    done
    if [ -d "$TREE_DOTNET/shared" ]; then
        mkdir -p "$TREE_ROOT/usr/share/dotnet" && mount --rbind "$TREE_DOTNET" "$TREE_ROOT/usr/share/dotnet"
        mount -o remount,bind,ro "$TREE_ROOT/usr/share/dotnet"
    fi
    exec chroot "$TREE_ROOT" /usr/bin/env -C "$TREE_DIRECTORY" "$@"' run-in-tree "$@"
