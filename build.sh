#!/usr/bin/env bash
# One script for everything: it installs what is missing, builds, and runs what is asked for.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$PWD
artifacts=$root/artifacts
configuration=${CONFIGURATION:-Release}
python=${TENSORBRIDGE_PYTHON:-/usr/bin/python3}
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

usage() {
    cat <<'EOF'
usage: ./build.sh COMMAND

  demo             build, then run the main job: a NumPy array in an ILGPU kernel and back, without a copy
  test [--peers]   build, then run every test, also of the packages; --peers adds current NumPy and PyTorch (Debian sid, in a cache folder)
  build            leave the libraries, the CLI and an importable package at artifacts/python/tensorbridge
  bench [ARGS]     run the benchmarks and write their tables to benchmarks/results/
  pack [ARGS]      build the NuGet packages and the Python wheel into artifacts/packages/, install them in clean folders and
                   run them there; --with-runtime adds a wheel that brings .NET along, --no-test leaves out the last part,
                   --quick what takes long of it

Each installs what it lacks (Debian packages; through sudo when not root).
EOF
}

say() {
    printf '\033[1m== %s\033[0m\n' "$*" >&2
}

die() {
    printf 'build.sh: %s\n' "$*" >&2
    exit 1
}

# --- set-up ------------------------------------------------------------------------------------------------

missing_packages() {
    command -v g++ >/dev/null || echo g++
    command -v cmake >/dev/null || echo cmake
    command -v make >/dev/null || echo make
    [ -x /usr/bin/python3 ] || echo python3
    compgen -G '/usr/include/python3.*/Python.h' >/dev/null || echo python3-dev
    "$python" -c 'import numpy' 2>/dev/null || echo python3-numpy
    if [ "${1:-}" = test ] || [ "${1:-}" = bench ]; then
        "$python" -c 'import pytest' 2>/dev/null || echo python3-pytest
    fi
    if [ "${1:-}" = test ]; then
        [ -e /usr/include/dlpack/dlpack.h ] || echo libdlpack-dev
        [ -e /usr/lib/python3/dist-packages/dask ] || echo python3-dask
        [ -e /usr/lib/python3/dist-packages/distributed ] || echo python3-distributed
        [ -e /usr/lib/python3/dist-packages/mypy ] || echo python3-mypy
        [ -e /usr/lib/python3/dist-packages/mpi4py ] || echo python3-mpi4py
        command -v mpirun >/dev/null || echo openmpi-bin
    fi
    if [ "${1:-}" = test ] || [ "${1:-}" = pack ]; then
        "$python" -c 'import setuptools, wheel' 2>/dev/null || echo python3-setuptools python3-wheel
        "$python" -c 'import ensurepip' 2>/dev/null || echo python3-venv
    fi
}

install_packages() {
    local packages=$1 as_root=
    command -v apt-get >/dev/null ||
        die "this machine lacks: $packages. Only Debian's apt-get is known here; install them by hand and run again"
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null ||
            die "this machine lacks: $packages. Installing them needs root: run 'apt-get install $packages' as root, then run this again"
        as_root=sudo
    fi
    say "installing $packages"
    # shellcheck disable=SC2086  # a list of package names
    $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null ||
        die "could not install: $packages. Run 'apt-get install $packages' as root and look at its answer"
}

set_up() {
    command -v dotnet >/dev/null || die "the .NET SDK 10 is needed: https://dot.net/download"
    dotnet --version >/dev/null 2>&1 || die "the .NET SDK named in global.json is missing; dotnet says: $(dotnet --version 2>&1 | head -n 3)"
    local packages
    packages=$(missing_packages "${1:-}" | tr '\n' ' ')
    [ -z "${packages// /}" ] || install_packages "${packages% }"
}

# --- build -------------------------------------------------------------------------------------------------

# A build that has nothing to do still costs MSBuild many seconds; a stamp over the sources saves them.
sources_stamp() {
    { git ls-files -co --exclude-standard -z -- src native tests benchmarks docs/samples/csharp CMakeLists.txt TensorBridge.sln '*.props' '*.targets' '*.json' .editorconfig 2>/dev/null ||
        find src native tests benchmarks docs/samples/csharp CMakeLists.txt TensorBridge.sln ./*.props global.json -type f -print0; } |
        xargs -0 stat -c '%n %s %Y' 2>/dev/null | sha256sum | cut -d' ' -f1
}

build() {
    local stamp_file=$artifacts/.built-$configuration stamp
    stamp=$(sources_stamp)
    if [ -e "$stamp_file" ] && [ "$(cat "$stamp_file")" = "$stamp" ]; then
        return
    fi
    say "building ($configuration)"
    mkdir -p "$artifacts"
    local log=$artifacts/build.log
    if ! dotnet build TensorBridge.sln -c "$configuration" --nologo -v minimal >"$log" 2>&1; then
        grep -E 'error|warning' "$log" | sort -u | head -n 40 >&2 || tail -n 40 "$log" >&2
        die "the build failed; the whole log is $log"
    fi
    printf '%s' "$stamp" >"$stamp_file"
}

output_of() {
    printf '%s/dotnet/bin/%s/%s/%s.dll' "$artifacts" "$1" "$(printf '%s' "$configuration" | tr '[:upper:]' '[:lower:]')" "$1"
}

# --- test --------------------------------------------------------------------------------------------------

passed=0 failed=0 skipped=0

count() {
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

# A runner that dies without a summary is one failure, never silence.
test_dotnet() {
    local project=$1 log=$artifacts/test-$1.log
    say "$project"
    local status=0
    dotnet test --project "tests/$project" -c "$configuration" --no-build --no-progress --no-ansi 2>&1 | tee "$log" || status=$?
    local p f s
    p=$(summary_field succeeded "$log") f=$(summary_field failed "$log") s=$(summary_field skipped "$log")
    count "${p:-0}" "${f:-0}" "${s:-0}"
    [ "$status" -eq 0 ] || [ "${f:-0}" -gt 0 ] || count 0 1 0
}

summary_field() {
    sed -n "s/^ *$1: *\([0-9][0-9]*\).*/\1/p" "$2" | tail -n 1
}

test_native() {
    say "native (CTest)"
    local log=$artifacts/test-native.log status=0
    ctest --test-dir "$artifacts/cmake" --output-on-failure 2>&1 | tee "$log" || status=$?
    local total f s
    total=$(sed -n 's/.*tests failed out of \([0-9][0-9]*\).*/\1/p' "$log" | tail -n 1)
    f=$(sed -n 's/.*tests passed, \([0-9][0-9]*\) tests failed.*/\1/p' "$log" | tail -n 1)
    s=$(grep -c '\*\*\*Skipped' "$log" || true)
    count $((${total:-0} - ${f:-0} - s)) "${f:-0}" "$s"
    [ "$status" -eq 0 ] || [ "${f:-0}" -gt 0 ] || count 0 1 0
    [ -n "$total" ] || { echo "no native test ran" >&2; count 0 1 0; }
}

test_python() {
    say "Python ($("$python" --version))"
    run_pytest "$artifacts/test-python.log" env PYTHONPATH="$artifacts/python" "$python" -m pytest -q -rs -p no:cacheprovider tests/python
}

run_pytest() {
    local log=$1 status=0
    shift
    "$@" 2>&1 | tee "$log" || status=$?
    local last p f s e
    last=$(grep -E '(passed|failed|skipped|error).* in [0-9.]+' "$log" | tail -n 1)
    p=$(printf '%s' "$last" | sed -n 's/.*\b\([0-9][0-9]*\) passed.*/\1/p')
    f=$(printf '%s' "$last" | sed -n 's/.*\b\([0-9][0-9]*\) failed.*/\1/p')
    e=$(printf '%s' "$last" | sed -n 's/.*\b\([0-9][0-9]*\) error.*/\1/p')
    s=$(printf '%s' "$last" | sed -n 's/.*\b\([0-9][0-9]*\) skipped.*/\1/p')
    count "${p:-0}" $((${f:-0} + ${e:-0})) "${s:-0}"
    [ "$status" -eq 0 ] || [ $((${f:-0} + ${e:-0})) -gt 0 ] || count 0 1 0
}

test_all() {
    test_native
    local project
    for project in tests/*.Tests; do
        test_dotnet "$(basename "$project")"
    done
    test_python
    test_packaging
    if [ "${1:-}" = --peers ]; then
        test_peers
    fi
    printf '\n%d passed, %d failed' "$passed" "$failed"
    [ "$skipped" -eq 0 ] || printf ', %d skipped' "$skipped"
    printf '\n'
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

# The packages are made and used in clean folders; what that takes long for is left to ./build.sh pack.
test_packaging() {
    say "packages"
    local log=$artifacts/test-packaging.log status=0 last p f s
    src/TensorBridge.Python/pack.sh --quick 2>&1 | tee "$log" || status=$?
    last=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1 || true)
    p=$(printf '%s' "$last" | sed -n 's/^\([0-9]*\) passed.*/\1/p')
    f=$(printf '%s' "$last" | sed -n 's/.* \([0-9]*\) failed.*/\1/p')
    s=$(printf '%s' "$last" | sed -n 's/.* \([0-9]*\) skipped.*/\1/p')
    count "${p:-0}" "${f:-0}" "${s:-0}"
    [ "$status" -eq 0 ] || [ "${f:-0}" -gt 0 ] || count 0 1 0
}

# Current NumPy and PyTorch run in a tree of Debian sid, so that this system stays as it is.
test_peers() {
    say "peers (Debian sid)"
    if ! tests/peers/setup-sid.sh; then
        count 0 0 1
        return
    fi
    run_pytest "$artifacts/test-peers.log" tests/peers/run-in-sid.sh env PYTHONPATH="$artifacts/python" python3 -m pytest -q -rs -p no:cacheprovider tests/python
}

# --- commands ----------------------------------------------------------------------------------------------

command=${1:-help}
[ $# -eq 0 ] || shift
case $command in
demo)
    set_up
    build
    dotnet exec "$(output_of TensorBridge.Cli)" demo --python "$python" "$@"
    PYTHONPATH=$artifacts/python "$python" -m tensorbridge.demo
    ;;
test)
    set_up test
    build
    test_all "$@"
    ;;
build)
    set_up
    build
    say "the package is $artifacts/python/tensorbridge; use it with PYTHONPATH=$artifacts/python"
    ;;
bench)
    set_up bench
    build
    benchmarks/run.sh "$@"
    ;;
pack)
    set_up pack
    src/TensorBridge.Python/pack.sh "$@"
    ;;
help | -h | --help)
    usage
    ;;
*)
    usage >&2
    die "unknown command '$command'"
    ;;
esac
