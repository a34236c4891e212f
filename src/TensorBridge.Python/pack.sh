#!/usr/bin/env bash
# Makes what is handed out, in artifacts/packages/: the NuGet packages, the command-line tool and the Python wheel.
#
#   ./build.sh pack                  NuGet packages, and a wheel that uses the machine's .NET runtime
#   ./build.sh pack --with-runtime   and a second wheel that brings the .NET runtime of this machine along
#   ./build.sh pack --quick          the tests at the end leave out what takes long
#   ./build.sh pack --no-test        without installing them in clean folders and running them at the end
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source=$root/src/TensorBridge.Python/Package
work=$root/artifacts/pack
packages=$root/artifacts/packages
python=${TENSORBRIDGE_PYTHON:-/usr/bin/python3}
projects=(TensorBridge TensorBridge.Accelerators TensorBridge.Python TensorBridge.Cli)
# shellcheck source=runtime.sh
source "$root/src/TensorBridge.Python/runtime.sh"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

with_runtime=false with_test=true test_arguments=()
for argument in "$@"; do
    case $argument in
    --with-runtime) with_runtime=true ;;
    --quick) test_arguments=(--quick) ;;
    --no-test) with_test=false ;;
    *) echo "pack: unknown argument '$argument'; there are --with-runtime, --quick and --no-test" >&2 && exit 2 ;;
    esac
done

say() {
    printf '\033[1m== %s\033[0m\n' "$*" >&2
}

die() {
    printf 'pack: %s\n' "$*" >&2
    exit 1
}

# The outputs of these builds are apart from the usual ones: their source paths are mapped for every machine
# (ContinuousIntegrationBuild), and switching back and forth would compile everything anew each time.
msbuild() {
    local log=$work/$1.log
    shift
    dotnet "$@" -c Release --nologo -v minimal -p:ContinuousIntegrationBuild=true -p:ArtifactsPath="$work" >"$log" 2>&1 && return
    grep -E 'error|warning' "$log" | sort -u | head -n 20 >&2
    return 1
}

make_nuget_packages() {
    say "NuGet packages"
    # TensorBridge.Python first: it builds the native part, which the others pack.
    msbuild build build "$root/src/TensorBridge.Cli" || die "the build failed; the whole log is $work/build.log"
    local project
    for project in "${projects[@]}"; do
        msbuild "pack-$project" pack "$root/src/$project" --no-build -o "$packages" ||
            die "packing $project failed; the whole log is $work/pack-$project.log"
    done
}

# Assemblies with machine code for this platform start in half the time. The compiler is a NuGet package that only a
# machine with access to a feed (or a warm cache) has; without it the assemblies are the usual ones.
publish_managed() {
    say "assemblies of the wheel"
    local publish=(publish "$root/src/TensorBridge.Python" -o "$work/publish")
    rm -rf "$work/publish"
    if ! msbuild publish "${publish[@]}" -p:PublishReadyToRun=true; then
        echo "pack: ReadyToRun compilation is not available here (package microsoft.netcore.app.crossgen2); the wheel gets plain IL, which starts slower" >&2
        rm -rf "$work/publish"
        msbuild publish-il "${publish[@]}" || die "publishing failed; the whole log is $work/publish-il.log"
    fi
}

# Written by the build from the same tag as the versions of the NuGet packages.
python_version() {
    sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$root/artifacts/native/_version.py"
}

lay_out_wheel() {
    local stage=$1
    rm -rf "$stage"
    mkdir -p "$stage"
    cp "$source/pyproject.toml" "$source/setup.py" "$root/README.md" "$root/LICENSE" "$stage/"
    (cd "$source" && find tensorbridge -name __pycache__ -prune -o -type f \( -name '*.py' -o -name '*.pyi' -o -name py.typed \) -print0 |
        xargs -0 cp --parents -t "$stage")
    cp "$root"/artifacts/native/{libtensorbridge.so,_core.abi3.so,_version.py} "$stage/tensorbridge/"
    mkdir "$stage/tensorbridge/managed"
    cp "$work/publish"/*.dll "$work/publish"/*.deps.json "$work/publish"/*.runtimeconfig.json \
        "$root/artifacts/native/libtensorbridge_cuda.so" "$stage/tensorbridge/managed/"
}

make_wheel() {
    local stage=$1 version=$2
    (cd "$stage" && SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 1700000000) \
        TENSORBRIDGE_WHEEL_VERSION=$version "$python" -c \
        'import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))' "$packages") >"$work/wheel.log" 2>&1 ||
        die "setuptools failed (Debian: apt-get install python3-setuptools python3-wheel); it said: $(tail -n 5 "$work/wheel.log")"
}

make_wheels() {
    local version runtime
    version=$(python_version)
    [ -n "$version" ] || die "artifacts/native/_version.py names no version"
    say "wheel"
    lay_out_wheel "$work/wheel"
    make_wheel "$work/wheel" "$version"
    "$with_runtime" || return 0
    runtime=$(runtime_version)
    [ -n "$runtime" ] || die "no .NET 10 runtime to bring along"
    say "wheel with the .NET runtime $runtime"
    lay_out_wheel "$work/wheel-runtime"
    lay_out_runtime "$work/wheel-runtime/tensorbridge/dotnet" "$runtime"
    make_wheel "$work/wheel-runtime" "$version+dotnet$runtime"
    rm -rf "$work/wheel-runtime"
}

mkdir -p "$work"
rm -rf "$packages"
mkdir -p "$packages"
make_nuget_packages
publish_managed
make_wheels
say "in artifacts/packages"
(cd "$packages" && stat -c '%s %n' -- * | awk '{ printf "   %7.2f MB  %s\n", $1 / 1e6, $2 }')
if "$with_test"; then
    "$root/tests/packaging/run.sh" "${test_arguments[@]}"
fi
