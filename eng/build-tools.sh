#!/usr/bin/env bash
# Builds the projects under eng/, which are not part of GoTop.sln: nothing else notices when they no longer build.
set -euo pipefail
cd "$(dirname "$0")/.."
for project in eng/*/*.csproj; do
  dotnet build -c Release "$project" -v q --nologo
done
