#!/bin/bash
# Unpacks Debian's Prometheus (prometheus, promtool); nothing is installed and no service is started.
# usage: eng/get-prometheus.sh /opt/prometheus      The live tests look in $GOTOP_PROMETHEUS, by default /opt/prometheus.
set -euo pipefail
[ $# -eq 1 ] || { sed -n 2,3p "$0" >&2; exit 2; }
source "$(dirname "$0")/private-apt.sh"
mkdir -p "$1"
root=$(cd "$1" && pwd)
[ ! -x "$root/usr/bin/prometheus" ] || { echo "$root: $("$root/usr/bin/prometheus" --version 2>&1 | head -1)"; exit 0; }

private_apt_begin
for suite in trixie bookworm forky sid; do
  private_apt_suite "$suite" 2> /dev/null || continue
  private_apt_download prometheus 2> /dev/null || continue
  for package in "$PRIVATE_APT"/debs/*.deb; do dpkg-deb -x "$package" "$root"; done
  # A newer Debian's may want a newer C library than this machine has.
  "$root/usr/bin/prometheus" --version > /dev/null 2>&1 || { rm -rf "$root/usr" "$root/etc" "$root/lib" "$PRIVATE_APT"/debs/*; continue; }
  echo "$root: $("$root/usr/bin/prometheus" --version 2>&1 | head -1), of Debian $suite"
  exit 0
done
echo "get-prometheus.sh: no Debian suite on this machine's mirror has a prometheus that runs here" >&2
exit 1
