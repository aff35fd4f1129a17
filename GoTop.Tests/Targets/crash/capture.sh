#!/usr/bin/env bash
# Rewrites the captures in GoTop.Tests/Fixtures/Dumps: what this program, built with several versions of Go, prints.
# usage: GoTop.Tests/Targets/crash/capture.sh [ROOT OF GO TOOLCHAINS, as eng/get-go.sh unpacks them; by default /opt/go]
set -euo pipefail
cd "$(dirname "$0")"
roots=${1:-/opt/go}
fixtures=../../Fixtures/Dumps
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

capture() { # version, file, environment..., how, arguments
  local version=$1 file=$2
  shift 2
  mkdir -p "$fixtures/go$version"
  (timeout 300 env "$@" 2>&1 || true) | gzip -9n > "$fixtures/go$version/$file.txt.gz"
}

for version in 1.19 1.22 1.25 1.27; do
  go=$roots/$version/usr/lib/go-$version/bin/go
  GO111MODULE=on GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local "$go" build -trimpath -o "$work/crash" .
  for how in panic error lines nested repanic nil fault map overflow exhausted deadlock goexit sigquit dump counts; do
    capture "$version" "$how" GOTRACEBACK=all "$work/crash" $how
  done
  capture "$version" panic-none GOTRACEBACK=none "$work/crash" panic
  capture "$version" panic-single GOTRACEBACK=single "$work/crash" panic
  capture "$version" panic-system GOTRACEBACK=system "$work/crash" panic
  capture "$version" sigquit-crash GOTRACEBACK=crash "$work/crash" sigquit
  capture "$version" panic-ancestors GOTRACEBACK=all GODEBUG=tracebackancestors=3 "$work/crash" panic
  [ "$version" != 1.27 ] || capture "$version" dump-labels GODEBUG=tracebacklabels=1 "$work/crash" dump
  [ "$version" != 1.27 ] || capture "$version" leak GODEBUG=tracebacklabels=0 "$work/crash" leak
  [ "$version" = 1.25 ] || capture "$version" dump-minutes GOTRACEBACK=all "$work/crash" dump 125
done

# Windows' faults, where Wine is at hand (eng/setup-wine.sh).
if command -v wine > /dev/null; then
  GOOS=windows GO111MODULE=on GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local "$roots/1.27/usr/lib/go-1.27/bin/go" build -trimpath -o "$work/crash.exe" .
  for how in nil fault; do
    capture 1.27-windows-wine "$how" GOTRACEBACK=all WINEDEBUG=-all wine "$work/crash.exe" $how
  done
fi
