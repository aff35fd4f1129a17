#!/usr/bin/env bash
# Publishes the NativeAOT build for linux-x64 and runs it: trimming may take away what only the published build would miss.
# Ends with status 77 and the reason in its last line where the native tool chain cannot be had.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

if ! command -v clang > /dev/null || ! [ -e /usr/include/zlib.h ]; then
  as_root=
  [ "$(id -u)" -eq 0 ] || as_root="sudo -n"
  $as_root apt-get -qq install -y --no-install-recommends clang zlib1g-dev > /dev/null 2>&1 ||
    { $as_root apt-get -qq update && $as_root apt-get -qq install -y --no-install-recommends clang zlib1g-dev; } > /dev/null 2>&1 ||
    { echo "clang and zlib1g-dev are not here and cannot be installed"; exit 77; }
fi

eng/publish.sh linux-x64 || { echo "publishing failed"; exit 1; }
gotop=$PWD/artifacts/gotop-linux-x64/gotop
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
check() { # name, wanted status, pattern in the output, arguments...
  local name=$1 wanted=$2 pattern=$3 status
  shift 3
  timeout 60 "$gotop" "$@" > "$work/out" 2>&1
  status=$?
  if [ "$status" -eq "$wanted" ] && grep -qE "$pattern" "$work/out"; then
    echo "passed: $name"
  else
    echo "FAILED: $name (status $status, wanted $wanted and /$pattern/)"
    head -c 2000 "$work/out"
    failed=1
  fi
}

check "--version" 0 '^[0-9]+\.[0-9]+\.[0-9]+' --version
check "ps --json" 0 '^\[' ps --json
check "config check" 0 'no problems' config check --config gotop.toml
check "keys" 0 'next-pane' keys
check "an unknown target" 3 'gotop ps' snapshot no-such-service-here

check "an event trace log of Windows" 0 '"runQueueDelay": \{' analyze GoTop.Tests/Fixtures/Etl/scheduler.etl.gz --json
check "its events are named by TraceEvent" 0 'Thread/CSwitch' analyze GoTop.Tests/Fixtures/Etl/scheduler.etl.gz

cat > "$work/alerts.toml" << 'CONFIG'
[[alerts.channel]]
type = "command"
name = "script"
run = ["/bin/sh", "-c", "grep -q '\"test\":true' && echo \"noted $1\"", "sh", "{subject}"]
[[alerts.channel]]
type = "email"
name = "mail"
tls = "none"
server = "127.0.0.1"
port = 9
from = "gotop@example.com"
to = ["ops@example.com"]
CONFIG
check "an alert to a program" 0 'exit status 0: noted \[test\]' alerts send-test script --config "$work/alerts.toml"
check "an alert by mail, to a server that is not there" 1 '127.0.0.1:9 cannot be reached' alerts send-test mail --config "$work/alerts.toml"

# Exporters use generated code that trimming could take away; port 9 is nobody's.
check "what is exported" 0 'go\.goroutine\.count' export metrics
exporter() { # table, keys...
  printf '[agent]\nfolder = "%s/agent"\n[export.%s]\n' "$work" "$1" > "$work/export.toml"
  printf '%s\n' "${@:2}" >> "$work/export.toml"
}
exporter otlp 'endpoint = "http://127.0.0.1:9"'
check "OTLP by HTTP, to a receiver that is not there" 1 '127.0.0.1: connection refused' export test otlp --config "$work/export.toml"
exporter otlp 'endpoint = "http://127.0.0.1:9"' 'protocol = "grpc"'
check "OTLP by gRPC, to a receiver that is not there" 1 '127.0.0.1: connection refused' export test otlp --config "$work/export.toml"
exporter push 'url = "http://127.0.0.1:9"'
check "a push, to a receiver that is not there" 1 '127.0.0.1: connection refused' export test push --config "$work/export.toml"

go=$(ls -d "${GOTOP_GO_ROOTS:-/opt/go}"/*/usr/lib/go-*/bin/go 2> /dev/null | sort -V | tail -n 1)
[ -n "$go" ] || go=$(command -v go)
if [ -n "$go" ]; then
  (cd GoTop.Tests/Targets/leak && GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local "$go" build -trimpath -ldflags='-s -w' -o "$work/leak" .) || exit 1
  mkfifo "$work/stdin"
  "$work/leak" -rate 50 < "$work/stdin" > "$work/leak.log" &
  process=$!
  exec 9> "$work/stdin" # it runs until this is closed
  for ((i = 0; i < 100; i++)); do
    grep -qs ready "$work/leak.log" && break
    sleep 0.1
  done
  check "snapshot of a live service" 0 'lookUp' snapshot "$process" --json
  check "its pprof pages are found" 0 '"pprofUrl": "http://127.0.0.1:' snapshot "$process" --json
  check "record" 0 'ticks of leak' record "$process" -o "$work/leak.gotop" --for 1s -d 200ms
  check "replay" 0 'lookUp' replay "$work/leak.gotop" --batch

  exporter prometheus "listen = \"127.0.0.1:$((20000 + RANDOM % 10000))\"" '[export.push]' 'url = "http://127.0.0.1:9"' 'every = "1s"' '[[target]]' 'name = "leak"' "pid = $process"
  "$gotop" agent --config "$work/export.toml" > "$work/agent.log" 2>&1 9>&- &
  agent=$!
  for ((i = 0; i < 100; i++)); do
    "$gotop" export test prometheus --config "$work/export.toml" 2> /dev/null | grep -q 'of 1 targets' && break
    sleep 0.1
  done
  check "the agent serves metrics" 0 'series of 1 targets that are read' export test prometheus --config "$work/export.toml"
  # How it stands is written every 5 s.
  for ((i = 0; i < 300; i++)); do
    "$gotop" export status --config "$work/export.toml" 2> /dev/null | grep -q 'FAILING' && break
    sleep 0.1
  done
  check "what nobody takes waits" 1 'export push .* [1-9][0-9]* waiting, 0 dropped; FAILING' export status --config "$work/export.toml"
  kill "$agent"
  wait "$agent"
  exec 9>&-
  wait "$process"
else
  echo "skipped: a live service: no Go here; eng/get-go.sh unpacks one"
fi

if command -v tmux > /dev/null; then
  socket=gotop-publish-$$
  tmux -L "$socket" new-session -d -x 120 -y 40 "$gotop demo"
  for ((i = 0; i < 100; i++)); do
    tmux -L "$socket" capture-pane -p > "$work/screen"
    grep -q Overview "$work/screen" && break
    sleep 0.1
  done
  tmux -L "$socket" kill-server
  if grep -q Overview "$work/screen"; then echo "passed: the demo on a terminal"; else echo "FAILED: the demo on a terminal"; cat "$work/screen"; failed=1; fi
else
  echo "skipped: the demo on a terminal: no tmux here"
fi
exit $failed
