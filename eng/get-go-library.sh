#!/bin/bash
# Unpacks the source of a Go library from Debian's packages; nothing is installed. For the benchmarks' references.
# usage: eng/get-go-library.sh golang-golang-x-exp-dev DIR      then: GO111MODULE=off GOPATH=DIR/usr/share/gocode go build
set -euo pipefail
[ $# -eq 2 ] || { sed -n 2,3p "$0" >&2; exit 2; }
source "$(dirname "$0")/private-apt.sh"
mkdir -p "$2"
root=$(cd "$2" && pwd)

private_apt_begin
# The newest first: what is compared with should be its best.
for suite in sid forky trixie-backports trixie bookworm-backports bookworm; do
  private_apt_suite "$suite" 2> /dev/null || continue
  private_apt_download "$1" 2> /dev/null || continue
  for package in "$PRIVATE_APT"/debs/*.deb; do
    dpkg-deb -x "$package" "$root"
    dpkg-deb -f "$package" Version | tee "$root/version"
  done
  exit 0
done
echo "get-go-library.sh: no Debian suite on this machine's mirror has $1" >&2
exit 1
