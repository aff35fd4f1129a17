// Command dump reads a goroutine dump with github.com/maruel/panicparse/v2/stack, as the benchmark's peer.
//
// It prints for each pass the CPU time in nanoseconds of all threads, then a line "goroutines N", then "peakKiB N": the most
// memory it had resident beyond what it had before it began.
//
// usage: dump FILE PASSES
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/maruel/panicparse/v2/stack"
)

func main() {
	passes, err := strconv.Atoi(os.Args[2])
	check(err)
	text, err := os.ReadFile(os.Args[1])
	check(err)
	before := status("VmRSS:")
	// Forgets the highest mark until now.
	check(os.WriteFile("/proc/self/clear_refs", []byte("5"), 0))
	var goroutines int
	for i := 0; i < passes; i++ {
		start := cpu()
		goroutines = read(text)
		fmt.Println(cpu() - start)
	}
	fmt.Println("goroutines", goroutines)
	fmt.Println("peakKiB", status("VmHWM:")-before)
}

// read does no more than parse: no source is looked for, no path guessed.
func read(text []byte) int {
	snapshot, _, err := stack.ScanSnapshot(bytes.NewReader(text), io.Discard, &stack.Opts{})
	if err != nil && err != io.EOF {
		check(err)
	}
	return len(snapshot.Goroutines)
}

func cpu() int64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func status(key string) int {
	text, err := os.ReadFile("/proc/self/status")
	check(err)
	for _, line := range strings.Split(string(text), "\n") {
		if rest, found := strings.CutPrefix(line, key); found {
			kibibytes, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(rest, "kB")))
			check(err)
			return kibibytes
		}
	}
	return 0
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
