#!/usr/bin/env bash
# Installs what ./build.sh pack made into clean folders and uses it from there, as somebody else would:
#
#   a console project with the NuGet packages, the command-line tool, the wheel in a virtual environment, the wheel
#   where there is no .NET at all, and the wheel that brings .NET along.
#
# Needs no network where the machine's NuGet cache has the third-party packages. Nothing outside one temporary folder
# is written. What cannot be tried here is skipped by name. With --quick, as in ./build.sh test, nothing is set up or
# built beyond the program that uses the packages.
set -euo pipefail
quick=false
[ "${1:-}" != --quick ] || quick=true
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
packages=$root/artifacts/packages
python=${TENSORBRIDGE_PYTHON:-/usr/bin/python3}
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
unset PYTHONPATH VIRTUAL_ENV TENSORBRIDGE_NATIVE

work=$(mktemp -d -t tensorbridge-packaging.XXXXXX)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

say() {
    printf '\033[1m== %s\033[0m\n' "$*"
}

# check NAME COMMAND...: its output is shown when it fails, or is wanted (lines that begin with ->).
check() {
    local name=$1 log=$work/log began=$SECONDS status
    shift
    # A condition would switch "set -e" off inside the function; hence this detour.
    set +e
    (set -e && "$@") >"$log" 2>&1
    status=$?
    set -e
    if [ "$status" -eq 0 ]; then
        passed=$((passed + 1))
        printf 'ok    %s (%d s)\n' "$name" $((SECONDS - began))
        grep '^-> ' "$log" | sed 's/^->/     /' || true
    else
        failed=$((failed + 1))
        printf 'FAIL  %s\n' "$name"
        sed 's/^/      /' "$log" | tail -n 40
    fi
}

skip() {
    skipped=$((skipped + 1))
    printf 'SKIP  %s: %s\n' "$1" "$2"
}

# --- NuGet -------------------------------------------------------------------------------------------------

version=$(basename "$packages"/TensorBridge.Cli.[0-9]*.nupkg .nupkg)
version=${version#TensorBridge.Cli.}
[ "$version" != '[0-9]*' ] || { echo "no packages in $packages: run ./build.sh pack" >&2; exit 1; }

# Our packages come from the folder only, into a cache of their own, so that none of an earlier build can be meant.
# Everything else comes from the machine's cache, or from the sources this machine is set up with.
write_nuget_config() {
    cat >"$work/NuGet.config" <<EOF
<configuration>
  <packageSources>
    <add key="packaging-test" value="$packages" />
  </packageSources>
  <fallbackPackageFolders>
    <add key="machine" value="${NUGET_PACKAGES:-$HOME/.nuget/packages}" />
  </fallbackPackageFolders>
</configuration>
EOF
    mkdir -p "${NUGET_PACKAGES:-$HOME/.nuget/packages}"
    export NUGET_PACKAGES=$work/nuget
}

# The project exists only outside the repository, so that it inherits nothing and no solution picks it up.
nuget_program() {
    local project=$work/consumer
    mkdir "$project"
    cp "$here/consumer/Program.cs" "$project/"
    cat >"$project/Consumer.csproj" <<'EOF'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <InvariantGlobalization>true</InvariantGlobalization>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="TensorBridge.Python" Version="$(TensorBridgeVersion)" />
  </ItemGroup>
</Project>
EOF
    dotnet build "$project" -c Release -o "$project/out" -p:TensorBridgeVersion="$version" --nologo
    [ -d "$work/nuget/tensorbridge.python/$version" ] || { echo "the package was not taken from artifacts/packages"; return 1; }
    [ -f "$project/out/runtimes/linux-x64/native/libtensorbridge_cuda.so" ] || { echo "libtensorbridge_cuda.so is not in the output"; return 1; }
    (cd / && env -u DOTNET_ROOT dotnet exec "$project/out/Consumer.dll" "$python")
}

nuget_published() {
    local project=$work/consumer out=$work/published
    dotnet publish "$project" -c Release -r linux-x64 --self-contained false -o "$out" -p:TensorBridgeVersion="$version" --nologo
    [ -f "$out/libtensorbridge_cuda.so" ] || { echo "libtensorbridge_cuda.so is not beside the program"; return 1; }
    (cd / && "$out/Consumer" "$python")
}

# What a package has to have: a reader's page, the licence, symbols, native parts in the right folder.
nuget_content() {
    "$python" "$here/check_nuget.py" "$packages" "$version"
}

# Whoever debugs into a package is sent to the sources at the commit it was built from. This checkout may have no remote,
# which must not hurt; so a clone gets one that exists in name only, and one assembly is built there.
source_link() {
    local clone=$work/clone packed=$work/packed commit
    commit=$(unzip_text "TensorBridge.$version.nupkg" TensorBridge.nuspec |
        sed -n 's/.*<repository [^>]*commit="\([0-9a-f]*\)".*/\1/p')
    if [ -z "$(git -C "$root" remote)" ]; then
        "$python" -m zipfile -e "$packages/TensorBridge.$version.nupkg" "$packed"
        "$python" "$here/check_sourcelink.py" "$packed/lib/net10.0/TensorBridge.dll" "$commit"
    fi
    git clone --quiet --depth 1 "file://$root" "$clone"
    git -C "$clone" remote set-url origin https://github.com/example/tensorbridge.git
    dotnet build "$clone/src/TensorBridge" -c Release -p:ContinuousIntegrationBuild=true --nologo
    "$python" "$here/check_sourcelink.py" "$clone/artifacts/dotnet/bin/TensorBridge/release/TensorBridge.dll" \
        "$(git -C "$clone" rev-parse HEAD)" https://raw.githubusercontent.com/example/tensorbridge
}

unzip_text() {
    "$python" -c 'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]).decode())' "$packages/$1" "$2"
}

tool() {
    dotnet tool install TensorBridge.Cli --version "$version" --tool-path "$work/tools" --configfile "$work/NuGet.config"
    cd /
    "$work/tools/tensorbridge" doctor
    "$work/tools/tensorbridge" demo --python "$python"
}

# --- wheel -------------------------------------------------------------------------------------------------

# The newest wheel whose version has no local part, or has the one of a bundled runtime; nothing when it was not made.
plain_wheel() {
    find "$packages" -name 'tensorbridge-*-cp311-abi3-linux_x86_64.whl' ! -name '*+*' | sort -V | tail -n 1
}

bundled_wheel() {
    find "$packages" -name 'tensorbridge-*+dotnet*-cp311-abi3-linux_x86_64.whl' | sort -V | tail -n 1
}

# Into a virtual environment that sees this machine's NumPy. Without ensurepip (python3-venv) the wheel is unzipped,
# which is what installing it amounts to.
install_wheel() {
    local environment=$1 file=$2
    "$python" "$here/check_wheel.py" "$file"
    if "$python" -c 'import ensurepip' 2>/dev/null; then
        "$python" -m venv --system-site-packages "$environment"
        "$environment/bin/pip" install --quiet --no-index --no-deps --disable-pip-version-check "$file"
    else
        "$python" -m venv --system-site-packages --without-pip "$environment"
        "$python" -m zipfile -e "$file" "$("$environment/bin/python" -c 'import sysconfig; print(sysconfig.get_path("platlib"))')"
    fi
}

wheel_demo() {
    install_wheel "$work/venv" "$1"
    (cd / && "$work/venv/bin/python" -m tensorbridge.demo)
    (cd / && "$work/venv/bin/python" "$here/start_times.py" "$1" "$root/benchmarks/results/packages.json")
}

# A view of the machine without .NET: every dotnet root is covered by an empty folder, in a mount namespace of its own.
without_dotnet() {
    mkdir -p "$work/empty"
    EMPTY=$work/empty unshare --mount bash -c '
        mount --make-rprivate /
        for folder in /usr/share/dotnet /usr/lib/dotnet "$(dirname "$(readlink -f "$(command -v dotnet || echo /usr/share/dotnet/dotnet)")")" "$HOME/.dotnet"; do
            [ ! -d "$folder" ] || mount --bind "$EMPTY" "$folder"
        done
        [ ! -e /etc/dotnet/install_location ] || mount --bind /dev/null /etc/dotnet/install_location
        [ ! -e /etc/dotnet/install_location_x64 ] || mount --bind /dev/null /etc/dotnet/install_location_x64
        cd /
        exec env -i PATH=/usr/bin:/bin HOME=/nonexistent "$@"' without-dotnet "$@"
}

import_names_cure() {
    local answer
    answer=$(without_dotnet "$work/venv/bin/python" -c 'import tensorbridge' 2>&1) && { echo "the import went well without .NET"; return 1; }
    printf '%s\n' "$answer"
    grep -q 'ImportError: tensorbridge needs the .NET 10 runtime' <<<"$answer"
    grep -q 'install it (package dotnet-runtime-10.0) or set DOTNET_ROOT' <<<"$answer"
}

wheel_with_runtime() {
    install_wheel "$work/venv-runtime" "$1"
    without_dotnet "$work/venv-runtime/bin/python" -m tensorbridge.demo
    without_dotnet env TENSORBRIDGE_RECORD="${TENSORBRIDGE_RECORD:-}" "$work/venv-runtime/bin/python" "$here/start_times.py" "$1" "$root/benchmarks/results/packages.json"
}

# The same file in the Python and NumPy of another Debian release.
wheel_in_tree() {
    local suite=$1 unpacked=$work/$1-$2
    mkdir "$unpacked"
    "$python" -m zipfile -e "$3" "$unpacked"
    TENSORBRIDGE_TREE_BIND=$work "$root/tests/peers/run-in-tree.sh" "$suite" env PYTHONPATH="$unpacked" python3 -c \
        'import sys, numpy; print(f"-> Python {sys.version.split()[0]}, NumPy {numpy.__version__}")'
    TENSORBRIDGE_TREE_BIND=$work "$root/tests/peers/run-in-tree.sh" "$suite" env PYTHONPATH="$unpacked" python3 -m tensorbridge.demo
}

# trixie is small enough to be set up here; sid comes with PyTorch and is set up by ./build.sh test --peers.
tree_is_ready() {
    $quick || [ "$1" != trixie ] || "$root/tests/peers/setup-tree.sh" trixie >"$work/tree.log" 2>&1 || true
    "$root/tests/peers/run-in-tree.sh" "$1" true >"$work/tree.log" 2>&1
}

# --- all of it ---------------------------------------------------------------------------------------------

say "installing the packages in clean folders"
write_nuget_config
check "the NuGet packages are complete" nuget_content
if $quick; then
    skip "SourceLink, with a remote and without" "./build.sh pack tries it, which builds in a clone"
elif git -C "$root" rev-parse --verify --quiet HEAD >/dev/null; then
    check "SourceLink, with a remote and without" source_link
else
    skip "SourceLink, with a remote and without" "this is no git checkout"
fi
check "a console project with TensorBridge.Python runs" nuget_program
check "the same, published for linux-x64" nuget_published
check "the tool: tensorbridge doctor, tensorbridge demo" tool

plain=$(plain_wheel) bundled=$(bundled_wheel)
[ -n "$plain" ] || { echo "no wheel in $packages: run ./build.sh pack" >&2; exit 1; }
check "the wheel in a clean environment: python -m tensorbridge.demo" wheel_demo "$plain"
if [ "$(id -u)" -eq 0 ] && unshare --mount true 2>/dev/null; then
    check "import without .NET names the cure" import_names_cure
    [ -z "$bundled" ] || check "the wheel with the runtime, without .NET on the machine" wheel_with_runtime "$bundled"
else
    skip "import without .NET names the cure" "hiding .NET needs root and a mount namespace"
    [ -z "$bundled" ] || skip "the wheel with the runtime" "hiding .NET needs root and a mount namespace"
fi
[ -n "$bundled" ] || skip "the wheel with the runtime" "it was not made; run ./build.sh pack --with-runtime"
for suite in trixie sid; do
    if tree_is_ready "$suite"; then
        check "the wheel in Debian $suite's Python" wheel_in_tree "$suite" plain "$plain"
        [ -z "$bundled" ] || check "the wheel with the runtime in Debian $suite's Python" wheel_in_tree "$suite" bundled "$bundled"
    else
        skip "the wheel in Debian $suite's Python" "$(tail -n 1 "$work/tree.log")"
    fi
done

printf '\n%d passed, %d failed' "$passed" "$failed"
[ "$skipped" -eq 0 ] || printf ', %d skipped' "$skipped"
printf '\n'
[ "$failed" -eq 0 ]
