#!/usr/bin/env bash
# Runs the OpenCL tests on PoCL, an OpenCL driver for the processor. Debian trixie's PoCL is new enough for ILGPU
# (bookworm's lacks the generic address space); its packages are unpacked into a cache folder, the system is left alone.
#
#   tests/opencl/run.sh [OPTIONS OF THE TEST RUNNER]      after the test project has been built
#
# Needs root (chroot and a mount namespace) and about 1 GB. Where that is impossible it prints "SKIP: reason" and leaves
# with status 77. TENSORBRIDGE_POCL names another folder, CONFIGURATION the build (debug, release).
set -uo pipefail

root=${TENSORBRIDGE_POCL:-$HOME/.cache/tensorbridge/pocl}
log=$root.log
packages="pocl-opencl-icd ocl-icd-libopencl1 binutils gcc libicu76 libssl3t64 bash coreutils"
repository=$(cd "$(dirname "$0")/../.." && pwd)
tests=$repository/artifacts/dotnet/bin/TensorBridge.Accelerators.Tests/${CONFIGURATION:-debug}/TensorBridge.Accelerators.Tests.dll

skip() { echo "SKIP: $*"; exit 77; }

[ "$(id -u)" = 0 ] || skip "PoCL needs root (chroot)"
unshare --mount true 2>/dev/null || skip "PoCL needs a mount namespace"
command -v dotnet > /dev/null || skip "dotnet is not installed"
[ -e "$tests" ] || skip "$tests is missing: build the test project"

# An apt of its own that believes nothing is installed downloads everything the packages need.
download() {
    local apt=$root/apt mirror
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | grep '/debian/*$' | head -n 1)
    [ -n "$mirror" ] || skip "no Debian mirror in the system's apt sources"
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/state"
    : > "$apt/status"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" > "$apt/sources.list"
    cat > "$apt/apt.conf" << EOF
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "-";
Dir::State "$apt/state";
Dir::State::lists "$apt/lists";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
EOF
    APT_CONFIG=$apt/apt.conf apt-get update -qq >> "$log" 2>&1 || skip "apt-get update failed; see $log"
    # shellcheck disable=SC2086  # a list of packages
    APT_CONFIG=$apt/apt.conf apt-get install -y -qq --download-only $packages >> "$log" 2>&1 || skip "downloading PoCL failed; see $log"
}

unpack() {
    local tree=$root/tree folder package
    mkdir -p "$tree"/usr/{bin,sbin,lib,lib64} "$tree"/{proc,dev,sys,tmp}
    chmod 1777 "$tree/tmp"
    for folder in bin sbin lib lib64; do ln -sfn "usr/$folder" "$tree/$folder"; done
    for package in "$root"/apt/cache/archives/*.deb; do
        dpkg-deb -x "$package" "$tree" || skip "cannot unpack $package"
    done
    rm -rf "$root/apt"
}

if [ ! -e "$root/.ready" ]; then
    rm -rf "$root"
    mkdir -p "$root" || skip "cannot create $root"
    echo "setting up PoCL in $root (log: $log)"
    download
    unpack
    touch "$root/.ready"
fi

# The mounts live in a namespace of their own and vanish with the command.
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
export POCL_TREE=$root/tree POCL_DOTNET=$dotnet POCL_REPOSITORY=$repository
export HOME=/tmp LC_ALL=C.UTF-8 DOTNET_CLI_TELEMETRY_OPTOUT=1
exec unshare --mount bash -c '
    mount --make-rprivate /
    mount -t proc proc "$POCL_TREE/proc"
    for folder in /dev /sys "$POCL_DOTNET" "$POCL_REPOSITORY"; do
        mkdir -p "$POCL_TREE$folder" && mount --rbind "$folder" "$POCL_TREE$folder"
    done
    exec chroot "$POCL_TREE" "$POCL_DOTNET/dotnet" exec "$@"' run-opencl "$tests" -class '*OpenClBridgeTests' -class '*OpenClCopyTests' "$@"
