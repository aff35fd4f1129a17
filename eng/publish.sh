#!/bin/sh
# Publishes gotop as it ships, into artifacts/:
#   linux-x64  NativeAOT (needs clang and zlib1g-dev)
#   win-x64    ReadyToRun, one self-contained file (NativeAOT for Windows cannot be built on Linux)
# Usage: eng/publish.sh [linux-x64|win-x64 ...]   both when none is named
#
# Everything is built below artifacts/, with lock files of its own: those committed know nothing of the compilers that
# publishing adds, and stay as they are.
set -eu
cd "$(dirname "$0")/.."
root=$PWD

publish() {
    rid=$1
    shift
    dotnet publish GoTop/GoTop.csproj -c Release -r "$rid" \
        --artifacts-path "$root/artifacts/build-$rid" \
        -p:RestoreLockedMode=false -p:NuGetLockFilePath=obj/publish.lock.json \
        -o "$root/artifacts/gotop-$rid" "$@"
    # Terminal.Gui's text highlighting, which GoTop does not use, brings a regular expression library.
    rm -f "$root/artifacts/gotop-$rid"/libonigwrap.* "$root/artifacts/gotop-$rid"/*.pdb "$root/artifacts/gotop-$rid"/*.dbg "$root/artifacts/gotop-$rid"/*.xml
    # Windows parts of TraceEvent have no use elsewhere.
    case $rid in linux-*) chmod 755 "$root/artifacts/gotop-$rid"/*.so; rm -f "$root/artifacts/gotop-$rid"/*.dll ;; esac
    du -sh "$root/artifacts/gotop-$rid"
}

for rid in "${@:-linux-x64 win-x64}"; do
    for one in $rid; do
        case $one in
            linux-x64) publish linux-x64 -p:PublishAot=true -p:StripSymbols=true ;;
            win-x64) publish win-x64 --self-contained -p:PublishSingleFile=true -p:PublishReadyToRun=true -p:IncludeNativeLibrariesForSelfExtract=true ;;
            *) echo "eng/publish.sh: $one is not known; linux-x64 and win-x64 are" >&2; exit 2 ;;
        esac
    done
done
