#!/bin/bash
# Unpacks Prometheus, promtool and VictoriaMetrics from Debian's packages; nothing is installed, and no service is started.
# usage: eng/get-export-servers.sh /opt/export-servers      then: /opt/export-servers/usr/bin/{prometheus,promtool,victoria-metrics}
# The newest Debian suite whose programs run here is taken. Not every suite's package has promtool.
set -euo pipefail
[ $# -eq 1 ] || { sed -n 2,4p "$0" >&2; exit 2; }
source "$(dirname "$0")/private-apt.sh"
mkdir -p "$1/usr/bin"
programs=$(cd "$1/usr/bin" && pwd)
missing() { for program in prometheus promtool victoria-metrics; do "$programs/$program" --version > /dev/null 2>&1 || echo "$program"; done; }
[ -n "$(missing)" ] || { echo "$1: Prometheus and VictoriaMetrics are here"; exit 0; }

private_apt_begin
for suite in trixie bookworm; do
  private_apt_suite "$suite" 2> /dev/null || continue
  rm -rf "$PRIVATE_APT"/debs/*.deb "$PRIVATE_APT/unpacked"
  private_apt_download prometheus victoria-metrics 2> /dev/null || continue
  for package in "$PRIVATE_APT"/debs/*.deb; do dpkg-deb -x "$package" "$PRIVATE_APT/unpacked"; done
  for program in $(missing); do
    "$PRIVATE_APT/unpacked/usr/bin/$program" --version > /dev/null 2>&1 && cp -L "$PRIVATE_APT/unpacked/usr/bin/$program" "$programs/"
  done
  [ -n "$(missing)" ] || { echo "$1: $("$programs/prometheus" --version | head -n 1 | cut -d ' ' -f 1-3) and VictoriaMetrics"; exit 0; }
done
echo "get-export-servers.sh: $(missing | paste -sd ' ') cannot be had from this machine's mirror" >&2
exit 1
