#!/usr/bin/env bash
# Exports a real Go service's figures to a real Prometheus and a real VictoriaMetrics, and asks these for them by PromQL.
# Ends with status 77 and the reason in its last line where the servers or Go cannot be had.
# usage: eng/test-export.sh      $GOTOP_EXPORT_SERVERS: where the servers are kept, by default /opt/export-servers
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

servers=${GOTOP_EXPORT_SERVERS:-/opt/export-servers}
mkdir -p "$servers" 2> /dev/null && [ -w "$servers" ] || servers=$HOME/.cache/gotop/export-servers
timeout --kill-after=10 170 eng/get-export-servers.sh "$servers" || exit 77
PATH=$servers/usr/bin:$PATH
go=$(ls -d "${GOTOP_GO_ROOTS:-/opt/go}"/*/usr/lib/go-*/bin/go 2> /dev/null | sort -V | tail -n 1)
[ -n "$go" ] || go=$(command -v go) || { echo "no Go here; eng/get-go.sh unpacks one"; exit 77; }
command -v curl > /dev/null || { echo "no curl here"; exit 77; }
curl() { command curl -m 5 "$@"; } # nobody here needs longer

dotnet build GoTop -v q -clp:ErrorsOnly || { echo "building failed"; exit 1; }
gotop=$PWD/GoTop/bin/Debug/net10.0/gotop
work=$(mktemp -d)
started=()
gone() { ! kill -0 "$1" 2> /dev/null; }
finish() { # who does not end when asked is ended
  local pid
  for pid in "${started[@]}"; do kill "$pid" 2> /dev/null; done
  for pid in "${started[@]}"; do until_true 10 gone "$pid" || kill -9 "$pid" 2> /dev/null; done
  wait 2> /dev/null
  rm -rf "$work"
}
trap finish EXIT
failed=0
passed() { echo "passed: $1"; }
fail() { echo "FAILED: $1"; failed=1; }
free_port() { # nobody answers there
  local port
  while :; do
    port=$((20000 + RANDOM % 10000))
    (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null || { echo "$port"; return; }
  done
}
# until_true SECONDS COMMAND...: tries it each half second.
until_true() {
  local end=$((SECONDS + $1))
  shift
  while ((SECONDS < end)); do
    "$@" > /dev/null 2>&1 && return 0
    sleep 0.5
  done
  return 1
}

# 1. A Go service of which pprof itself tells how many goroutines it has.
(cd GoTop.Tests/Targets/healthy && GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local "$go" build -trimpath -o "$work/shopservice" .) || { echo "building the Go service failed"; exit 1; }
mkfifo "$work/stdin"
"$work/shopservice" -rate 20 < "$work/stdin" > "$work/service.log" &
started+=($!)
service=$!
exec 9> "$work/stdin" # it runs until this is closed, by everybody
until_true 30 grep -q ready "$work/service.log" || { cat "$work/service.log"; echo "the Go service does not start"; exit 1; }
address=$(sed -n 's/^listening on //p' "$work/service.log")
goroutines() { curl -fs "http://$address/debug/pprof/goroutine?debug=1" | sed -n '1s/.*total //p'; }

# 2. Both servers.
endpoint=127.0.0.1:$(free_port) prometheus=http://127.0.0.1:$(free_port) victoria=http://127.0.0.1:$(free_port)
cat > "$work/prometheus.yml" << CONFIG
global: {scrape_interval: 1s}
scrape_configs:
  - job_name: gotop
    static_configs: [{targets: ["$endpoint"]}]
CONFIG
promtool check config "$work/prometheus.yml" > /dev/null || fail "Prometheus' configuration"
otlp=
# From a file: grep -q ends before it has read all, and what still writes into the pipe would fail.
prometheus --help 2>&1 | tr -d ' \n' > "$work/prometheus.help"
grep -q 'otlp-write-receiver' "$work/prometheus.help" && otlp=--enable-feature=otlp-write-receiver
prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/tsdb" --web.listen-address="${prometheus#http://}" $otlp > "$work/prometheus.log" 2>&1 9>&- &
started+=($!)
naming=
victoria-metrics --help > "$work/victoria.help" 2>&1
grep -q opentelemetry.usePrometheusNaming "$work/victoria.help" && naming=-opentelemetry.usePrometheusNaming
victoria-metrics $naming -storageDataPath="$work/victoria" -httpListenAddr="${victoria#http://}" -search.latencyOffset=0s > "$work/victoria.log" 2>&1 9>&- &
started+=($!)
until_true 60 curl -fs "$prometheus/-/ready" || { tail -n 5 "$work/prometheus.log"; echo "Prometheus does not start"; exit 1; }
until_true 60 curl -fs "$victoria/health" || { tail -n 5 "$work/victoria.log"; echo "VictoriaMetrics does not start"; exit 1; }

# 3. The agent.
configure() { # ENDPOINT of OTLP
  cat > "$work/gotop.toml.new" << CONFIG
[agent]
folder = "$work/agent"
record = false
[audit]
file = "$work/audit.jsonl"
[export.prometheus]
listen = "$endpoint"
[export.otlp]
endpoint = "$1"
every = "1s"
logs = "off"
[[target]]
name = "shop"
pid = $service
labels = { team = "checkout" }
CONFIG
  mv "$work/gotop.toml.new" "$work/gotop.toml"
}
configure "$victoria/opentelemetry"
timeout 60 "$gotop" config check --config "$work/gotop.toml" || fail "the agent's configuration"
"$gotop" agent --config "$work/gotop.toml" > "$work/agent.log" 2>&1 9>&- &
started+=($!)
until_true 60 curl -fs "http://$endpoint/metrics" || { cat "$work/agent.log"; echo "the agent serves no metrics"; exit 1; }

# value SERVER QUERY: the value of the one series that it gives.
value() { timeout 10 promtool query instant "$1" "$2" 2> /dev/null | sed -nE 's/.*=> ([^ ]+) @.*/\1/p'; }
in_range() { local is; is=$(value "$1" "$2") && [ -n "$is" ] && awk -v is="$is" -v low="$3" -v high="$4" 'BEGIN { exit !(is >= low && is <= high) }'; }
# like NAME SERVER QUERY LOW HIGH: within a minute it is there, and between the two.
like() {
  if until_true 60 in_range "$2" "$3" "$4" "$5"; then passed "$1: $3 is $(value "$2" "$3")"; else fail "$1: $3 gives '$(value "$2" "$3")', not $4 to $5"; fi
}
own=$(goroutines)
[ -n "$own" ] || fail "the service tells its goroutines"

# 4. Scraped by Prometheus.
read_page() { curl -fs "http://$endpoint/metrics" > "$work/page" && grep -q '^go_goroutines{' "$work/page"; }
until_true 60 read_page || fail "the service is on the agent's page"
if promtool check metrics < "$work/page" > "$work/lint" 2>&1; then passed "promtool check metrics: $(grep -vc '^#' "$work/page") series"; else cat "$work/lint"; fail "promtool check metrics"; fi
like "Prometheus" "$prometheus" 'go_goroutines{service_name="shop",team="checkout"}' $((own - 5)) $((own + 5))
like "Prometheus" "$prometheus" 'up{job="gotop"}' 1 1
like "Prometheus" "$prometheus" 'gotop_target_up{service_name="shop"}' 1 1
like "Prometheus" "$prometheus" 'rate(process_cpu_seconds_total{service_name="shop"}[30s])' 0.00001 4
like "Prometheus" "$prometheus" 'histogram_quantile(0.99, rate(go_sched_latencies_seconds_bucket{service_name="shop"}[30s]))' 0 10
like "Prometheus" "$prometheus" "gotop_target_info{process_pid=\"$service\"}" 1 1

# The fleet shows it again, through PromQL: its figures, who it is, and how it stands.
fleet() { timeout 60 "$gotop" fleet --json --prometheus "$prometheus" --selector 'job="gotop"' > "$work/fleet.json" 2> "$work/fleet.log"; }
# of_fleet JQ: of the one target that it shows.
of_fleet() { fleet && jq -e ".targets | length == 1 and (.[0] | $1)" "$work/fleet.json"; }
shown() { if until_true 60 of_fleet "$2"; then passed "$1"; else cat "$work/fleet.json" "$work/fleet.log"; fail "$1"; fi; }
if command -v jq > /dev/null; then
  shown "the fleet shows the agent's target through Prometheus" \
    ".service == \"shop\" and .state == \"up\" and .os == \"linux\" and .goVersion != null and .startedAt != null and .figures[\"process.cpuPercent\"] > 0 and .figures[\"process.residentBytes\"] > 1e6 and .figures[\"go.goroutines\"] >= $((own - 5)) and .figures[\"go.goroutines\"] <= $((own + 5))"
else
  echo "not looked at: the fleet (no jq here)"
fi

# 5. By OTLP to VictoriaMetrics, whose names depend on its version: a dot in the pattern is either.
like "VictoriaMetrics, OTLP" "$victoria" 'sum({__name__=~"go.goroutine.count"})' $((own - 5)) $((own + 5))
like "VictoriaMetrics, OTLP" "$victoria" 'sum(rate({__name__=~"process.cpu.time.*"}[30s]))' 0.00001 4
like "VictoriaMetrics, OTLP" "$victoria" 'max({__name__=~"gotop.target.up.*"})' 1 1
[ -z "$naming" ] || like "VictoriaMetrics, OTLP" "$victoria" 'go_goroutine_count{service_name="shop",team="checkout",process_runtime_name="go"}' $((own - 5)) $((own + 5))
if timeout 60 "$gotop" export test otlp --config "$work/gotop.toml" > "$work/test" 2>&1; then passed "gotop export test otlp: $(cat "$work/test")"; else cat "$work/test"; fail "gotop export test otlp"; fi
like "VictoriaMetrics, gotop export test" "$victoria" 'max({__name__=~"gotop.export.test.*"})' 1 1
if timeout 60 "$gotop" export status --config "$work/gotop.toml" > "$work/status" 2>&1; then passed "gotop export status: $(paste -sd ';' "$work/status")"; else cat "$work/status"; fail "gotop export status"; fi

# 6. The same to Prometheus' receiver of OTLP, where it has one; the running agent takes the other address on.
if [ -n "$otlp" ]; then
  configure "$prometheus/api/v1/otlp"
  like "Prometheus, OTLP" "$prometheus" 'go_goroutine_count{job="shop"}' $((own - 5)) $((own + 5))
  like "Prometheus, OTLP" "$prometheus" 'sum(rate(process_cpu_time_seconds_total{job="shop"}[30s]))' 0.00001 4
  like "Prometheus, OTLP" "$prometheus" 'histogram_quantile(0.99, sum by (le) (rate(go_schedule_duration_seconds_bucket{job="shop"}[30s])))' 0 10
else
  echo "skipped: OTLP to Prometheus: it is built without the receiver, as Debian does"
fi

# 7. The service ends: its series go at once, and that it is down is told.
exec 9>&-
until_true 30 gone "$service" || { fail "the service ends when its input does"; kill -9 "$service"; }
like "Prometheus, the service ended" "$prometheus" 'gotop_target_up{service_name="shop"}' 0 0
if until_true 60 eval '[ -z "$(value "$prometheus" "go_goroutines{service_name=\"shop\"}")" ]'; then passed "its series are gone"; else fail "its series are gone"; fi
! command -v jq > /dev/null || shown "the fleet shows that it is down" '.service == "shop" and .state == "down"'

[ "$failed" -eq 0 ] || tail -n 20 "$work/agent.log"
exit $failed
