// Command trace reads an execution trace to its end with golang.org/x/exp/trace, as the benchmark's reference.
//
// It prints for each pass the CPU time in nanoseconds of all threads, then a line "events N", then "peakKiB N": the most
// memory it had resident beyond what it had before it began.
//
// usage: trace FILE PASSES
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/exp/trace"
)

func main() {
	passes, err := strconv.Atoi(os.Args[2])
	check(err)
	before := status("VmRSS:")
	// Forgets the highest mark until now.
	check(os.WriteFile("/proc/self/clear_refs", []byte("5"), 0))
	var events int
	for range passes {
		start := cpu()
		events = read(os.Args[1])
		fmt.Println(cpu() - start)
	}
	fmt.Println("events", events)
	fmt.Println("peakKiB", status("VmHWM:")-before)
}

func read(name string) int {
	file, err := os.Open(name)
	check(err)
	defer file.Close()
	reader, err := trace.NewReader(bufio.NewReaderSize(file, 1<<18))
	check(err)
	for events := 0; ; events++ {
		_, err := reader.ReadEvent()
		if err == io.EOF {
			return events
		}
		check(err)
	}
}

func cpu() int64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func status(key string) int {
	text, err := os.ReadFile("/proc/self/status")
	check(err)
	_, rest, _ := strings.Cut(string(text), key)
	kib, err := strconv.Atoi(strings.Fields(rest)[0])
	check(err)
	return kib
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
