#!/usr/bin/env bash
# Fetches ptxas and nvdisasm, NVIDIA's assembler and disassembler, which the machine-code tests need. The system itself is left
# alone: Debian trixie's package is downloaded with a package list of its own and unpacked into a cache folder.
#
#   tests/ptxas/fetch.sh       prints the folder that holds ptxas and nvdisasm
#
# Where that is impossible it prints "SKIP: reason" and leaves with status 77. TENSORBRIDGE_PTXAS names another folder.
set -uo pipefail

root=${TENSORBRIDGE_PTXAS:-$HOME/.cache/tensorbridge/ptxas}
log=$root/fetch.log

skip() { echo "SKIP: $*"; exit 77; }

done_already() {
    if [ -x "$root/bin/ptxas" ] && [ -x "$root/bin/nvdisasm" ]; then
        echo "$root/bin"
        exit 0
    fi
}

done_already
[ "$(uname -m)" = x86_64 ] || skip "ptxas is fetched for x86_64 only"
command -v apt-get > /dev/null && command -v dpkg > /dev/null || skip "ptxas comes from a Debian package, and this system has no apt-get or dpkg"
mkdir -p "$root/apt/lists/partial" "$root/apt/cache/archives/partial" "$root/apt/parts" || skip "cannot create $root"

# Two callers at once: the second waits for the first and then finds the tools.
exec 9> "$root/lock"
flock 9
done_already

# The mirror is the one this system uses already.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 2> /dev/null | grep '/debian/*$' | head -n 1)
[ -n "$mirror" ] || skip "no Debian mirror in the system's apt sources"
keys=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e "$keys" ] || skip "no keyring of the Debian archive on this system"
echo "deb [arch=amd64 signed-by=$keys] $mirror trixie non-free" > "$root/apt/sources.list"

apt_own() {
    apt-get -qq -o APT::Architecture=amd64 -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Check-Valid-Until=false \
        -o Dir::Etc::sourcelist="$root/apt/sources.list" -o Dir::Etc::sourceparts="$root/apt/parts" -o Dir::State::lists="$root/apt/lists" \
        -o Dir::Cache="$root/apt/cache" -o Dir::State::status=/dev/null "$@"
}

apt_own update > "$log" 2>&1 || skip "the package list of trixie non-free cannot be fetched; see $log"
cd "$root" || skip "cannot enter $root"
apt_own download nvidia-cuda-toolkit >> "$log" 2>&1 || skip "nvidia-cuda-toolkit cannot be downloaded; see $log"
dpkg -x nvidia-cuda-toolkit_*.deb "$root/package" >> "$log" 2>&1 || skip "the package cannot be unpacked; see $log"
rm -f nvidia-cuda-toolkit_*.deb

mkdir -p "$root/bin"
for tool in ptxas nvdisasm; do
    found=$(find "$root/package" -type f -name "$tool" | head -n 1)
    [ -n "$found" ] || skip "the package holds no $tool"
    cp "$found" "$root/bin/$tool"
done
rm -rf "$root/package" "$root/apt"
"$root/bin/ptxas" --version >> "$log" 2>&1 || skip "ptxas does not run here; see $log"
echo "$root/bin"
