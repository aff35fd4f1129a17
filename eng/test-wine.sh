#!/bin/bash
# Runs the Windows build under Wine 10: the tests, then gotop.exe against a Go program and a Windows service. What Wine cannot answer is skipped
# with its reason. On a machine that cannot have Wine it ends with status 77 and says why in its last line.
# usage: eng/test-wine.sh            $GOTOP_CACHE: where Wine is kept, by default /opt; $GOTOP_GO_ROOTS: as for eng/get-go.sh
set -uo pipefail
cd "$(dirname "$0")/.."
repository=$PWD
work=$repository/artifacts/wine
cache=${GOTOP_CACHE:-/opt}
mkdir -p "$cache" 2> /dev/null && [ -w "$cache" ] || cache=$HOME/.cache/gotop
wine_root=$cache/wine10
passed=0 failed=0 skipped=0

pass() { passed=$((passed + 1)); echo "passed: $1"; }
fail() { failed=$((failed + 1)); echo "FAILED: $1"; }
skip() { skipped=$((skipped + 1)); echo "skipped: $1"; }
skip_all() { echo "$1"; exit 77; }
finish() {
  echo "test-wine: $passed passed, $failed failed, $skipped skipped ($SECONDS s)"
  exit $((failed > 0))
}
windows_path() { printf 'Z:%s' "${1//\//\\}"; }

# 1. Wine, with a prefix of its own for each run.
install_tools() {
  command -v patchelf > /dev/null && command -v objcopy > /dev/null && return
  local root=
  [ "$(id -u)" -eq 0 ] || root="sudo -n"
  $root apt-get -qq install -y --no-install-recommends patchelf binutils > /dev/null 2>&1 ||
    { $root apt-get -qq update && $root apt-get -qq install -y --no-install-recommends patchelf binutils; } > /dev/null 2>&1
}
if [ ! -x "$wine_root/bin/wine" ]; then
  install_tools || skip_all "patchelf and binutils are not here and cannot be installed"
  eng/setup-wine.sh "$wine_root" || skip_all "Wine 10 could not be set up from this machine's mirror"
fi
export PATH=$wine_root/bin:$PATH WINEPREFIX=$work/prefix WINEDEBUG=-all
# Wine loses the upper halves of vector registers when .NET stops a thread for its garbage collector: with AVX one in twenty
# passes over a large text gives a wrong answer there, without it none.
export DOTNET_EnableAVX=0
end_wine() { wineserver -k 2> /dev/null; wineserver -w 2> /dev/null; }
end_wine # of a run that was cut short
rm -rf "$WINEPREFIX"
mkdir -p "$work"
trap 'end_wine; rm -rf "$WINEPREFIX"' EXIT
# The override belongs to this one command: .NET does not start with it.
WINEDLLOVERRIDES='mscoree,mshtml=' wine wineboot -i > "$work/wineboot.log" 2>&1 ||
  { cat "$work/wineboot.log"; fail "creating a Wine prefix"; finish; }
end_wine
wineserver -p # stays between programs: services live on, and .NET starts in a fifth of the time

# 2. The .NET runtime for Windows with ASP.NET's, laid out as DOTNET_ROOT, from the pack that self-contained builds take theirs from.
mkdir -p "$work/runtime-pack"
cat > "$work/runtime-pack/runtime-pack.csproj" << 'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <RuntimeIdentifiers>win-x64</RuntimeIdentifiers>
    <RuntimeIdentifier>win-x64</RuntimeIdentifier>
    <SelfContained>true</SelfContained>
    <RestorePackagesWithLockFile>false</RestorePackagesWithLockFile>
    <RestoreLockedMode>false</RestoreLockedMode>
  </PropertyGroup>
  <ItemGroup>
    <FrameworkReference Include="Microsoft.AspNetCore.App" />
  </ItemGroup>
</Project>
PROJECT
if ! dotnet restore "$work/runtime-pack" -v q > "$work/restore.log" 2>&1; then
  cat "$work/restore.log"
  skip_all "the .NET runtime for Windows could not be restored"
fi
version=$(dotnet msbuild "$work/runtime-pack" -getProperty:BundledNETCoreAppPackageVersion)
packages=$(dotnet msbuild "$work/runtime-pack" -getProperty:NuGetPackageRoot)
pack=${packages%/}/microsoft.netcore.app.runtime.win-x64/$version/runtimes/win-x64
dotnet_root=$work/dotnet-$version
web_pack=${pack/netcore.app/aspnetcore.app} web_framework=$dotnet_root/shared/Microsoft.AspNetCore.App/$version
if [ ! -f "$dotnet_root/host/fxr/$version/hostfxr.dll" ] || [ ! -d "$web_framework" ]; then
  framework=$dotnet_root/shared/Microsoft.NETCore.App/$version
  mkdir -p "$framework" "$web_framework" "$dotnet_root/host/fxr/$version"
  cp "$web_pack"/lib/net*/* "$web_framework/" && { cp "$web_pack"/native/* "$web_framework/" 2> /dev/null || true; } &&
    cp "$pack"/lib/net*/* "$pack"/native/* "$framework/" && cp "$pack/native/hostfxr.dll" "$dotnet_root/host/fxr/$version/" ||
    { fail "laying out the .NET runtime for Windows"; finish; }
fi
DOTNET_ROOT_WINDOWS=$(windows_path "$dotnet_root")
run() { DOTNET_ROOT=$DOTNET_ROOT_WINDOWS DOTNET_NOLOGO=1 timeout --kill-after=5 "$1" wine "${@:2}"; }

# 3. The build, beside the usual one.
if dotnet build GoTop.Tests -r win-x64 --self-contained false --artifacts-path "$work/build" -v q -clp:NoSummary > "$work/build.log" 2>&1; then
  pass "build for win-x64"
else
  cat "$work/build.log"
  fail "build for win-x64"
  finish
fi
binaries=$(echo "$work"/build/bin/GoTop.Tests/debug_win-x64)

# 4. Go programs for the tests, built here as there is no Go inside of Wine.
go=$(ls -d "${GOTOP_GO_ROOTS:-/opt/go}"/*/usr/lib/go-*/bin/go 2> /dev/null | sort -V | tail -1)
[ -n "$go" ] || go=$(command -v go)
mkdir -p "$work/targets"
if [ -n "$go" ]; then
  (cd GoTop.Tests/Targets/winservice &&
    GOOS=windows GOARCH=amd64 GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local "$go" build -trimpath -ldflags='-s -w' -o "$work/targets/winservice.exe" .) ||
    { fail "building the Go program for Windows"; finish; }
  GOTOP_WINDOWS_TARGETS=$(windows_path "$work/targets")
  export GOTOP_WINDOWS_TARGETS
fi

# 5. The tests: the Windows ones first, whose failure says most, then all others but those that cannot work here.
skip "the tests that make certificates: Wine creates no keys (CngKey.Create fails)"
not_under_wine=(--filter-not-class '*.PprofAuthTests' '*.EmailOverTlsTests' --filter-not-method '*.A_TLS_port_is_asked_over_TLS_only_after_it_said_so' '*.Clients_show_a_certificate_of_the_authority_that_is_named' '*.Certificates_of_clients_take_the_place_of_a_token_and_need_TLS'
  '*.Certificates_of_clients_without_one_that_can_be_used_are_refused' '*.A_renewed_certificate_is_served_without_a_restart_and_half_of_one_changes_nothing'
  '*.Clients_certificates_without_TLS_are_no_reason_to_be_open' '*.The_whole_chain_of_the_file_is_served_and_the_one_that_a_client_sends_is_looked_at')
export GOTOP_GO_ROOTS='Z:\no-go-inside-wine'
run_tests() { # name, seconds, options; without colours, which CI=true would bring and which hide what is looked for below
  run "$2" "$(windows_path "$binaries/GoTop.Tests.exe")" --no-ansi "${@:3}" > "$work/$1.log" 2>&1
  local status=$?
  tr -d '\r' < "$work/$1.log" | grep -a -A 8 '^failed ' | grep -av -e '^ *at System' | head -n 100
  local summary
  summary=$(tr -d '\r' < "$work/$1.log" | sed -nE 's/^ *(total|failed|succeeded|skipped): ([0-9]+).*/\1 \2/p' | paste -sd ' ')
  if [ $status -eq 0 ] && [ -n "$summary" ]; then
    pass "$1 ($summary)"
  else
    tail -n 20 "$work/$1.log"
    fail "$1 (status $status; $summary; $work/$1.log)"
  fi
}
run_tests windows-tests 120 --filter-namespace '*.Windows'
run_tests other-tests 300 --filter-not-namespace '*.Windows' "${not_under_wine[@]}"

# 6. gotop.exe itself against a Go program.
end_program() { :; }
if [ -z "$go" ]; then
  skip "gotop.exe against a Go program: no Go here; eng/get-go.sh unpacks one"
  finish
fi
gotop=$(windows_path "$binaries/gotop.exe")
rm -f "$work/stdin" "$work/program.log"
mkfifo "$work/stdin"
run 120 "$(windows_path "$work/targets/winservice.exe")" -parked 137 < "$work/stdin" > "$work/program.log" 2>&1 &
exec 9> "$work/stdin" # it runs until this is closed
for ((i = 0; i < 100; i++)); do
  grep -qs ready "$work/program.log" && break
  sleep 0.1
done
process=$(sed -nE 's/.*pid=([0-9]+).*/\1/p' "$work/program.log")
[ -n "$process" ] && pass "a Go program runs under Wine (pid $process)" || { fail "starting a Go program under Wine"; finish; }

has_command() { run 30 "$gotop" --help 2> /dev/null | tr -d '\r' | grep -qE "^ +$1\b"; }
# Runs gotop with arguments and looks for each pattern in what it prints.
check_output() { # name, arguments; -- patterns
  local name=$1 arguments=() pattern missing=
  shift
  while [ "$1" != -- ]; do arguments+=("$1"); shift; done
  shift
  run 30 "$gotop" "${arguments[@]}" > "$work/$name.json" 2> "$work/$name.stderr"
  local status=$?
  for pattern; do grep -qE -- "$pattern" "$work/$name.json" || missing="$missing $pattern"; done
  if [ $status -ne 0 ] || [ -n "$missing" ]; then
    head -c 2000 "$work/$name.json" "$work/$name.stderr"
    fail "gotop ${arguments[*]} (status $status; not found:$missing)"
  elif [ -s "$work/$name.stderr" ]; then
    head -c 2000 "$work/$name.stderr"
    fail "gotop ${arguments[*]} writes to its error output"
  else
    pass "gotop ${arguments[*]}"
  fi
}
go_version=$("$go" env GOVERSION)
if has_command ps; then
  check_output ps ps --json -- "\\b$process\\b" winservice "$go_version"
else
  skip "gotop ps: this gotop has no such command"
fi
if has_command snapshot; then
  check_output snapshot snapshot "$process" --json -- winservice "$go_version" 'main\.park' '\b137\b'
else
  skip "gotop snapshot: this gotop has no such command"
fi
exec 9>&-
wait

# 7. Acting: a real Windows service with Go inside, driven by gotop.exe. What came of it is read back, and cores from Linux's
# own /proc, since Wine's calls also say yes to what they do not do.
service=gotop-test
pidof_service() { pgrep -f "winservice[.]exe.* -service $service" | head -n 1; }
cores_of_service() { cat "/proc/$(pidof_service)/task/"*/status 2> /dev/null | sed -n 's/^Cpus_allowed_list:\t//p' | sort -u | paste -sd ' '; }
cat > "$work/gotop.toml" << CONFIG
[audit]
file = '$(windows_path "$work/audit.jsonl")'
[capture]
folder = '$(windows_path "$work/captures")'
[control]
capture_cpu_seconds = 0
stop_deadline = "2s"
CONFIG
rm -rf "$work/audit.jsonl" "$work/captures"
# act NAME STATUS ARGUMENTS... -- PATTERNS...: like check_output, with an exit status of its own and no word about standard error.
act() {
  local name=$1 expected=$2 arguments=() pattern missing=
  shift 2
  while [ "$1" != -- ]; do arguments+=("$1"); shift; done
  shift
  run 60 "$gotop" "${arguments[@]}" --config "$(windows_path "$work/gotop.toml")" > "$work/$name.out" 2>&1
  local status=$?
  for pattern; do grep -qE -- "$pattern" "$work/$name.out" || missing="$missing $pattern"; done
  if [ $status -eq "$expected" ] && [ -z "$missing" ]; then
    pass "gotop ${arguments[*]}: $name"
  else
    head -c 3000 "$work/$name.out"
    fail "gotop ${arguments[*]}: $name (status $status, not $expected; not found:$missing)"
  fi
}
same() { if [ "$2" = "$3" ]; then pass "$1: $2"; else fail "$1: $2, not $3"; fi; }
if run 30 sc create $service "binPath=" "$(windows_path "$work/targets/winservice.exe") -parked 21 -threads 8 -service $service" "start=" demand > "$work/sc.log" 2>&1; then
  act stopped 1 service status $service --json -- '"state": "stopped"'
  act readonly 4 service start $service --yes --readonly -- 'readonly'
  act dry-run 0 service start $service --dry-run -- 'start service' 'Nothing was done'
  same "processes of a service that was not started" "$(pidof_service)" ""
  act start 0 service start $service --yes --json -- '"outcome": "done"' '"after": "Running, process [0-9]+"'
  act start-twice 1 service start $service --yes -- 'runs already'
  all_cores=$(cores_of_service)
  act pause 0 service pause $service --yes -- 'now: Paused'
  act paused 0 service status $service --json -- '"state": "paused"' '"canPause": true'
  act continue 0 service continue $service --yes -- 'now: Running'
  act pin 0 pin $service --cpus 0 --yes --json -- '"outcome": "done"' '"after": "0 \([0-9]+ threads\)"'
  same "cores of all its threads, by Linux, pinned" "$(cores_of_service)" "0"
  same "threads that were pinned are more than eight" "$(($(ls "/proc/$(pidof_service)/task" | wc -l) > 8))" 1
  act unpin 0 pin $service --all --yes -- 'done; now'
  same "cores of all its threads, by Linux, all again" "$(cores_of_service)" "$all_cores"
  act priority 0 pin $service --priority below-normal --yes -- 'now: BelowNormal'
  before=$(pidof_service)
  act restart 0 restart $service --env GOGC=150 --yes --json -- '"outcome": "done"' 'stacks in ' 'Running, process [0-9]+; GOGC=150'
  same "its process after a restart is another one" "$([ -n "$(pidof_service)" ] && [ "$(pidof_service)" != "$before" ] && echo yes)" yes
  same "stacks of before the restart tell of its goroutines" "$(grep -la 'main\.park' "$work"/captures/*/stacks.txt | wc -l)" 1
  act environment 0 service status $service --json -- '"GOGC": "150"'
  # Wine says yes to failure actions and keeps none: that must not pass for success.
  act recovery 1 service recovery $service --restart on-failure --yes -- 'failed: '
  act stop 0 service stop $service --yes -- 'now: Stopped'
  same "processes of a stopped service" "$(pidof_service)" ""
  act missing 3 service start no-such-service --yes -- 'no process, service'
  act not-paused 1 service continue $service --yes -- 'not paused'
  same "actions in the audit log that have no end" "$(grep -c '"phase":"begun"' "$work/audit.jsonl")" "$(grep -cE '"phase":"(done|failed)"' "$work/audit.jsonl")"
  run 30 sc delete $service > /dev/null 2>&1
else
  cat "$work/sc.log"
  fail "creating a Windows service"
fi

# A plain process: Wine's Ctrl-Break does nothing, so the deadline ends it.
mkfifo "$work/stdin2"
run 120 "$(windows_path "$work/targets/winservice.exe")" -parked 5 < "$work/stdin2" > "$work/program2.log" 2>&1 &
exec 8> "$work/stdin2"
for ((i = 0; i < 100; i++)); do
  grep -qs ready "$work/program2.log" && break
  sleep 0.1
done
process=$(sed -nE 's/.*pid=([0-9]+).*/\1/p' "$work/program2.log")
act plain-restart 0 restart "$process" --yes -- 'done: start it again' 'now: running, process [0-9]+'
again=$(sed -nE 's/^done; now: running, process ([0-9]+).*/\1/p' "$work/plain-restart.out" | tr -d '\r')
act plain-stop 0 service stop "$again" --yes -- 'now: ended'
exec 8>&-
wait
rm -f "$work/stdin2"
# 8. The agent: installed as a Windows service by itself, watching a Go program. A service has no DOTNET_ROOT: it finds .NET at its usual place.
ln -sfn "$dotnet_root" "$WINEPREFIX/drive_c/Program Files/dotnet"
rm -f "$work/stdin3" "$work/program3.log"
mkfifo "$work/stdin3"
run 300 "$(windows_path "$work/targets/winservice.exe")" -parked 7 < "$work/stdin3" > "$work/program3.log" 2>&1 &
exec 7> "$work/stdin3"
for ((i = 0; i < 100; i++)); do
  grep -qs ready "$work/program3.log" && break
  sleep 0.1
done
process=$(sed -nE 's/.*pid=([0-9]+).*/\1/p' "$work/program3.log" | head -n 1)
rm -rf "$work/agent"
cat >> "$work/gotop.toml" << CONFIG
[agent]
folder = '$(windows_path "$work/agent")'
[[target]]
name = "shop"
pid = ${process:-1}
CONFIG
registered() { run 30 reg query 'HKLM\System\CurrentControlSet\Services\GoTop' /v ImagePath 2> /dev/null | tr -d '\r' | sed -nE 's/.*REG_[A-Z_]*SZ +//p'; }
# until_agent NAME PATTERNS...: asks for its status until all of them are there, for a minute at most.
until_agent() {
  local name=$1 pattern missing
  shift
  for ((i = 0; i < 60; i++)); do
    run 30 "$gotop" agent status --json --config "$(windows_path "$work/gotop.toml")" > "$work/$name.out" 2>&1
    missing=
    for pattern; do grep -qE -- "$pattern" "$work/$name.out" || missing="$missing $pattern"; done
    [ -z "$missing" ] && { pass "agent status: $name"; return; }
    sleep 1
  done
  head -c 3000 "$work/$name.out"
  fail "agent status: $name (not found:$missing)"
}
act agent-not-installed 1 agent status -- 'installed  no' 'does not run: no agent has run here'
act agent-dry-run 0 agent install --dry-run -- 'create GoTop' '\| ".*gotop.exe" agent --service --config ' 'Nothing was done'
same "what a dry run has registered" "$(registered)" ""
act agent-install 0 agent install --yes --json -- '"outcome": "done"' '"after": "installed: .*--service'
same "the command that is registered" "$(registered)" "\"$gotop\" agent --service --config \"$(windows_path "$work/gotop.toml")\""
act agent-start 0 service start GoTop --yes -- 'now: Running'
until_agent agent-running '"service": "running"' '"running": true' '"phase": "running"' '"state": "watched"' "\"pid\": ${process:-none}," '"lastReadingAt": "' '"recording": ".*shop-'
act agent-pause 0 service pause GoTop --yes -- 'now: Paused'
until_agent agent-paused '"service": "paused"' '"phase": "paused"' '"targets": \[\]'
act agent-continue 0 service continue GoTop --yes -- 'now: Running'
until_agent agent-goes-on '"phase": "running"' '"state": "watched"' '"lastReadingAt": "'
act agent-keeps-cores 0 pin shop --cpus 0 --keep --yes -- 'the agent pins it to 0 whenever it comes back' 'done; now: 0 '
act agent-forgets-cores 0 pin shop --forget --yes -- 'no cores are kept'
act agent-stop 0 service stop GoTop --yes -- 'now: Stopped'
until_agent agent-stopped '"service": "stopped"' '"running": false' '"phase": "stopped"'
recording=$(ls "$work"/agent/recordings/shop-*.gotop 2> /dev/null | head -n 1)
if [ -n "$recording" ]; then
  run 60 "$gotop" replay "$(windows_path "$recording")" --batch > "$work/agent-replay.out" 2>&1
  same "ticks of the program in the agent's recording" "$(grep -qE "^\* shop ${process:-none} " "$work/agent-replay.out" && echo yes)" yes
else
  fail "the agent has recorded nothing"
fi
act agent-uninstall 0 agent uninstall --yes -- 'now: not installed'
same "what is registered after uninstalling" "$(registered)" ""
exec 7>&-
wait
rm -f "$work/stdin3"
finish
