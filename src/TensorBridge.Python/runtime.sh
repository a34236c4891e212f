# The .NET runtime of this machine, to be brought along to machines without one. Sourced; needs a function die.

# Laid out as an installed .NET is: that is what hostfxr, and native/python/dotnet_root.c, expect.
lay_out_runtime() {
    local folder=$1 version=$2 dotnet
    dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
    mkdir -p "$folder/host/fxr" "$folder/shared/Microsoft.NETCore.App"
    cp -r "$dotnet/host/fxr/$version" "$folder/host/fxr/" || die "$dotnet/host/fxr/$version is missing"
    cp -r "$dotnet/shared/Microsoft.NETCore.App/$version" "$folder/shared/Microsoft.NETCore.App/"
    cp "$dotnet/LICENSE.txt" "$dotnet/ThirdPartyNotices.txt" "$folder/"
}

runtime_version() {
    dotnet --list-runtimes | sed -n 's/^Microsoft.NETCore.App \(10\.[0-9.]*\) .*/\1/p' | sort -V | tail -n 1
}
