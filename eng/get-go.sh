#!/bin/bash
# Unpacks a Go toolchain from Debian's packages beside whatever the machine has; nothing is installed.
# usage: eng/get-go.sh 1.25 /opt/go      then: /opt/go/1.25/usr/lib/go-1.25/bin/go version
# The live tests look in $GOTOP_GO_ROOTS, by default /opt/go. Versions had so: 1.19, 1.21 to 1.27.
set -euo pipefail
[ $# -eq 2 ] || { sed -n 2,4p "$0" >&2; exit 2; }
source "$(dirname "$0")/private-apt.sh"
version=$1
mkdir -p "$2/$version"
root=$(cd "$2/$version" && pwd)
go=$root/usr/lib/go-$version/bin/go
[ ! -x "$go" ] || { "$go" version; exit 0; }

private_apt_begin
for suite in bookworm bookworm-backports trixie trixie-backports forky sid; do
  private_apt_suite "$suite" 2> /dev/null || continue
  private_apt_download "golang-$version-go" "golang-$version-src" 2> /dev/null || continue
  for package in "$PRIVATE_APT"/debs/*.deb; do dpkg-deb -x "$package" "$root"; done
  "$go" version
  exit 0
done
echo "get-go.sh: no Debian suite on this machine's mirror has golang-$version-go" >&2
exit 1
