#!/bin/sh
# Records what GoTop reads of one process and its machine, as a small tree that tests read on any system:
#   sudo eng/record-proc.sh PID FOLDER
# Links are stored as text files that hold their target, since a checkout on Windows loses links. Long lines that
# GoTop does not use (interrupt counts) are cut, and of /etc/passwd only names and numbers are kept.
set -eu
[ $# -eq 2 ] || { echo "usage: $0 PID FOLDER" >&2; exit 2; }
pid=$1
out=$2
mkdir -p "$out"

keep() { # a file or a link, if it is there and may be read
    if [ -L "$1" ]; then
        target=$(readlink "$1") || return 0
        mkdir -p "$out$(dirname "$1")"
        printf '%s\n' "$target" > "$out$1"
    elif [ -f "$1" ]; then
        mkdir -p "$out$(dirname "$1")"
        cat "$1" > "$out$1" 2>/dev/null || rm -f "$out$1"
    fi
}

for file in meminfo loadavg pressure/cpu pressure/memory pressure/io self/ns/net; do keep "/proc/$file"; done
mkdir -p "$out/proc/self"
grep -v '^\(intr\|softirq\)' /proc/stat > "$out/proc/stat"
grep ' - cgroup' /proc/self/mountinfo > "$out/proc/self/mountinfo" || true

for file in stat status limits io cgroup cmdline maps exe ns/net; do keep "/proc/$pid/$file"; done
# The listening sockets, and the first others, which say where they end.
mkdir -p "$out/proc/$pid/net"
for file in tcp tcp6; do
    awk 'NR == 1 || $4 == "0A" || others++ < 3' "/proc/$pid/net/$file" > "$out/proc/$pid/net/$file"
done
for folder in /proc/"$pid"/task/*; do keep "$folder/schedstat"; keep "$folder/stat"; keep "$folder/status"; done
for link in /proc/"$pid"/fd/*; do keep "$link"; done

keep /sys/devices/system/cpu/online
for folder in /sys/devices/system/cpu/cpu[0-9]*; do
    keep "$folder/topology/thread_siblings_list"
    keep "$folder/topology/physical_package_id"
done
keep /sys/devices/system/node/online
for folder in /sys/devices/system/node/node[0-9]*; do keep "$folder/cpulist"; keep "$folder/meminfo"; done

# Every group with limits, from the process's own up to where its hierarchy is mounted.
while IFS=: read -r _ controllers group; do
    case ",$controllers," in
        ,,) mount=$(grep -e ' - cgroup2 ' /proc/self/mountinfo | head -n 1 | cut -d' ' -f5) ;;
        *,cpu,*) mount=$(grep -e ' - cgroup .*[ ,]cpu\(,\|$\)' /proc/self/mountinfo | head -n 1 | cut -d' ' -f5) ;;
        *,memory,*) mount=$(grep -e ' - cgroup .*[ ,]memory\(,\|$\)' /proc/self/mountinfo | head -n 1 | cut -d' ' -f5) ;;
        *) continue ;;
    esac
    [ -n "$mount" ] || continue
    [ "$group" != / ] || group=
    while :; do
        for file in cpu.max cpu.cfs_quota_us cpu.cfs_period_us cpu.stat \
            memory.max memory.current memory.limit_in_bytes memory.usage_in_bytes; do
            keep "$mount$group/$file"
        done
        mkdir -p "$out$mount$group"
        echo "$pid" > "$out$mount$group/cgroup.procs"
        [ -n "$group" ] || break
        group=${group%/*}
    done
done < "/proc/$pid/cgroup"

mkdir -p "$out/etc"
awk -F: '{ print $1 ":x:" $3 ":" $4 "::/:" }' /etc/passwd > "$out/etc/passwd"
echo "process $pid of $(uname -sr), recorded by eng/record-proc.sh on $(date -u +%Y-%m-%d)" > "$out/about.txt"
