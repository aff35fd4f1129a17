#!/usr/bin/env bash
# Measures gotop against its budgets and beside its peers, and writes docs/benchmarks.md. Linux; needs a Go toolchain
# (eng/get-go.sh). Options go to the benchmark program; --gotop PATH measures that build instead of publishing one.
set -euo pipefail
cd "$(dirname "$0")/../.."

for peer in btop htop; do
  command -v "$peer" > /dev/null && continue
  echo "installing $peer" >&2
  if ! { apt-get install -y --no-install-recommends "$peer" || { apt-get update && apt-get install -y --no-install-recommends "$peer"; }; } > /dev/null 2>&1; then
    echo "$peer is not here and cannot be installed (apt-get, as $(id -un)): the screen is not measured without it" >&2
    exit 77
  fi
done

options=("$@")
if [[ " $* " != *" --gotop"* ]]; then
  echo "publishing gotop" >&2
  eng/publish.sh linux-x64 >&2
  options+=(--gotop artifacts/gotop-linux-x64/gotop)
fi
dotnet run -c Release --project eng/bench -- all --report docs/benchmarks.md "${options[@]}"
