#!/bin/bash
# Runs the Windows build under Wine 10: the tests, then gotop.exe against a Go program. What Wine cannot answer is skipped
# with its reason. On a machine that cannot have Wine it ends with status 77 and says why in its last line.
# usage: eng/test-wine.sh            $GOTOP_CACHE: where Wine is kept, by default /opt; $GOTOP_GO_ROOTS: as for eng/get-go.sh
set -uo pipefail
cd "$(dirname "$0")/.."
repository=$PWD
work=$repository/artifacts/wine
cache=${GOTOP_CACHE:-/opt}
mkdir -p "$cache" 2> /dev/null && [ -w "$cache" ] || cache=$HOME/.cache/gotop
wine_root=$cache/wine10
passed=0 failed=0 skipped=0

pass() { passed=$((passed + 1)); echo "passed: $1"; }
fail() { failed=$((failed + 1)); echo "FAILED: $1"; }
skip() { skipped=$((skipped + 1)); echo "skipped: $1"; }
skip_all() { echo "$1"; exit 77; }
finish() {
  echo "test-wine: $passed passed, $failed failed, $skipped skipped ($SECONDS s)"
  exit $((failed > 0))
}
windows_path() { printf 'Z:%s' "${1//\//\\}"; }

# 1. Wine, with a prefix of its own for each run.
install_tools() {
  command -v patchelf > /dev/null && command -v objcopy > /dev/null && return
  local root=
  [ "$(id -u)" -eq 0 ] || root="sudo -n"
  $root apt-get -qq install -y --no-install-recommends patchelf binutils > /dev/null 2>&1 ||
    { $root apt-get -qq update && $root apt-get -qq install -y --no-install-recommends patchelf binutils; } > /dev/null 2>&1
}
if [ ! -x "$wine_root/bin/wine" ]; then
  install_tools || skip_all "patchelf and binutils are not here and cannot be installed"
  eng/setup-wine.sh "$wine_root" || skip_all "Wine 10 could not be set up from this machine's mirror"
fi
export PATH=$wine_root/bin:$PATH WINEPREFIX=$work/prefix WINEDEBUG=-all
end_wine() { wineserver -k 2> /dev/null; wineserver -w 2> /dev/null; }
end_wine # of a run that was cut short
rm -rf "$WINEPREFIX"
mkdir -p "$work"
trap 'end_wine; rm -rf "$WINEPREFIX"' EXIT
# The override belongs to this one command: .NET does not start with it.
WINEDLLOVERRIDES='mscoree,mshtml=' wine wineboot -i > "$work/wineboot.log" 2>&1 ||
  { cat "$work/wineboot.log"; fail "creating a Wine prefix"; finish; }
end_wine
wineserver -p # stays between programs: services live on, and .NET starts in a fifth of the time

# 2. The .NET runtime for Windows, laid out as DOTNET_ROOT, from the pack that self-contained builds take theirs from.
mkdir -p "$work/runtime-pack"
cat > "$work/runtime-pack/runtime-pack.csproj" << 'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <RuntimeIdentifiers>win-x64</RuntimeIdentifiers>
    <RuntimeIdentifier>win-x64</RuntimeIdentifier>
    <SelfContained>true</SelfContained>
    <RestorePackagesWithLockFile>false</RestorePackagesWithLockFile>
    <RestoreLockedMode>false</RestoreLockedMode>
  </PropertyGroup>
</Project>
PROJECT
if ! dotnet restore "$work/runtime-pack" -v q > "$work/restore.log" 2>&1; then
  cat "$work/restore.log"
  skip_all "the .NET runtime for Windows could not be restored"
fi
version=$(dotnet msbuild "$work/runtime-pack" -getProperty:BundledNETCoreAppPackageVersion)
packages=$(dotnet msbuild "$work/runtime-pack" -getProperty:NuGetPackageRoot)
pack=${packages%/}/microsoft.netcore.app.runtime.win-x64/$version/runtimes/win-x64
dotnet_root=$work/dotnet-$version
if [ ! -f "$dotnet_root/host/fxr/$version/hostfxr.dll" ]; then
  framework=$dotnet_root/shared/Microsoft.NETCore.App/$version
  mkdir -p "$framework" "$dotnet_root/host/fxr/$version"
  cp "$pack"/lib/net*/* "$pack"/native/* "$framework/" && cp "$pack/native/hostfxr.dll" "$dotnet_root/host/fxr/$version/" ||
    { fail "laying out the .NET runtime for Windows"; finish; }
fi
DOTNET_ROOT_WINDOWS=$(windows_path "$dotnet_root")
run() { DOTNET_ROOT=$DOTNET_ROOT_WINDOWS DOTNET_NOLOGO=1 timeout --kill-after=5 "$1" wine "${@:2}"; }

# 3. The build, beside the usual one.
if dotnet build GoTop.Tests -r win-x64 --self-contained false --artifacts-path "$work/build" -v q -clp:NoSummary > "$work/build.log" 2>&1; then
  pass "build for win-x64"
else
  cat "$work/build.log"
  fail "build for win-x64"
  finish
fi
binaries=$(echo "$work"/build/bin/GoTop.Tests/debug_win-x64)

# 4. Go programs for the tests, built here as there is no Go inside of Wine.
go=$(ls -d "${GOTOP_GO_ROOTS:-/opt/go}"/*/usr/lib/go-*/bin/go 2> /dev/null | sort -V | tail -1)
[ -n "$go" ] || go=$(command -v go)
mkdir -p "$work/targets"
if [ -n "$go" ]; then
  (cd GoTop.Tests/Targets/winservice &&
    GOOS=windows GOARCH=amd64 GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local "$go" build -trimpath -ldflags='-s -w' -o "$work/targets/winservice.exe" .) ||
    { fail "building the Go program for Windows"; finish; }
  GOTOP_WINDOWS_TARGETS=$(windows_path "$work/targets")
  export GOTOP_WINDOWS_TARGETS
fi

# 5. The tests: the Windows ones first, whose failure says most, then all others. Left out is what cannot work here.
not_under_wine=()
export GOTOP_GO_ROOTS='Z:\no-go-inside-wine'
run_tests() { # name, seconds, options
  run "$2" "$(windows_path "$binaries/GoTop.Tests.exe")" "${@:3}" > "$work/$1.log" 2>&1
  local status=$?
  tr -d '\r' < "$work/$1.log" | grep -A 12 -E '^failed ' | head -150
  local summary
  summary=$(tr -d '\r' < "$work/$1.log" | sed -nE 's/^ *(total|failed|succeeded|skipped): ([0-9]+).*/\1 \2/p' | paste -sd ' ')
  if [ $status -eq 0 ] && [ -n "$summary" ]; then pass "$1 ($summary)"; else fail "$1 (status $status; $summary; $work/$1.log)"; fi
}
run_tests windows-tests 90 --filter-namespace '*.Windows'
run_tests other-tests 150 --filter-not-namespace '*.Windows' "${not_under_wine[@]}"

# 6. gotop.exe itself against a Go program.
end_program() { :; }
if [ -z "$go" ]; then
  skip "gotop.exe against a Go program: no Go here; eng/get-go.sh unpacks one"
  finish
fi
gotop=$(windows_path "$binaries/gotop.exe")
rm -f "$work/stdin" "$work/program.log"
mkfifo "$work/stdin"
run 120 "$(windows_path "$work/targets/winservice.exe")" -parked 137 < "$work/stdin" > "$work/program.log" 2>&1 &
exec 9> "$work/stdin" # it runs until this is closed
for ((i = 0; i < 100; i++)); do
  grep -qs ready "$work/program.log" && break
  sleep 0.1
done
process=$(sed -nE 's/.*pid=([0-9]+).*/\1/p' "$work/program.log")
[ -n "$process" ] && pass "a Go program runs under Wine (pid $process)" || { fail "starting a Go program under Wine"; finish; }

has_command() { run 30 "$gotop" --help 2> /dev/null | tr -d '\r' | grep -qE "^ +$1\b"; }
# Runs gotop with arguments and looks for each pattern in what it prints.
check_output() { # name, arguments; -- patterns
  local name=$1 arguments=() pattern missing=
  shift
  while [ "$1" != -- ]; do arguments+=("$1"); shift; done
  shift
  run 30 "$gotop" "${arguments[@]}" > "$work/$name.json" 2> "$work/$name.stderr"
  local status=$?
  for pattern; do grep -qE -- "$pattern" "$work/$name.json" || missing="$missing $pattern"; done
  if [ $status -ne 0 ] || [ -n "$missing" ]; then
    head -c 2000 "$work/$name.json" "$work/$name.stderr"
    fail "gotop ${arguments[*]} (status $status; not found:$missing)"
  elif [ -s "$work/$name.stderr" ]; then
    head -c 2000 "$work/$name.stderr"
    fail "gotop ${arguments[*]} writes to its error output"
  else
    pass "gotop ${arguments[*]}"
  fi
}
go_version=$("$go" env GOVERSION)
if has_command ps; then
  check_output ps ps --json -- "\\b$process\\b" winservice "$go_version"
else
  skip "gotop ps: this gotop has no such command"
fi
if has_command snapshot; then
  check_output snapshot snapshot "$process" --json -- winservice "$go_version" 'main\.park' '\b137\b'
else
  skip "gotop snapshot: this gotop has no such command"
fi
exec 9>&-
wait
finish
