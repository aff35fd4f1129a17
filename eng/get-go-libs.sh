#!/bin/bash
# Unpacks the Go libraries that some of the tests' programs use from Debian's packages, as a GOPATH; nothing is installed.
# usage: eng/get-go-libs.sh /opt/go-libs      then: GO111MODULE=off GOPATH=/opt/go-libs/usr/share/gocode go build ...
# The live tests look in $GOTOP_GO_LIBS, by default /opt/go-libs, and need Go 1.22 or later for them.
set -euo pipefail
[ $# -eq 1 ] || { sed -n 2,4p "$0" >&2; exit 2; }
source "$(dirname "$0")/private-apt.sh"
mkdir -p "$1"
root=$(cd "$1" && pwd)
[ ! -d "$root/usr/share/gocode/src/github.com/prometheus/client_golang/prometheus" ] || { echo "$root: client_golang is here"; exit 0; }

private_apt_begin
for suite in trixie forky sid; do
  private_apt_suite "$suite" 2> /dev/null || continue
  private_apt_download golang-github-prometheus-client-golang-dev golang-github-prometheus-client-model-dev golang-github-prometheus-common-dev \
    golang-github-prometheus-procfs-dev golang-github-beorn7-perks-dev golang-github-cespare-xxhash-dev golang-github-klauspost-compress-dev \
    golang-github-kylelemons-godebug-dev golang-github-munnerz-goautoneg-dev golang-google-protobuf-dev golang-golang-x-sys-dev 2> /dev/null || continue
  for package in "$PRIVATE_APT"/debs/*.deb; do dpkg-deb -x "$package" "$root"; done
  echo "$root: client_golang of Debian $suite"
  exit 0
done
echo "get-go-libs.sh: no Debian suite on this machine's mirror has client_golang and what it needs" >&2
exit 1
