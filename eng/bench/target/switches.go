package main

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
	"time"
)

const (
	pairs = 2
	tick  = 10 * time.Millisecond
)

// passBytes lets pairs of threads wake one another so often that they are switched out about so many times a second, because
// they wait for a byte of a pipe: the kernel's switches, which goroutines that wait for one another do not cause.
func passBytes(switches int) {
	// Whoever comes back from the kernel finds a P without taking it from one that works.
	runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 2*pairs)
	// Each of the two waits once in a round.
	perSecond := float64(switches) / 2 / pairs
	for i := 0; i < pairs; i++ {
		there, back := pipe(), pipe()
		go echo(there[0], back[1])
		go call(there[1], back[0], perSecond)
	}
}

func pipe() [2]int {
	var ends [2]int
	if err := syscall.Pipe(ends[:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return ends
}

func echo(in, out int) {
	runtime.LockOSThread()
	one := make([]byte, 1)
	for {
		pass(syscall.Read, in, one)
		pass(syscall.Write, out, one)
	}
}

// call makes the rounds that are due by now, and rests until the next tick.
func call(out, in int, perSecond float64) {
	runtime.LockOSThread()
	one := make([]byte, 1)
	started, done := time.Now(), 0.0
	for {
		due := time.Since(started).Seconds() * perSecond
		// What a busy machine did not let it do is not made up for later on.
		if due-done > perSecond/10 {
			done = due
		}
		for ; done < due; done++ {
			pass(syscall.Write, out, one)
			pass(syscall.Read, in, one)
		}
		time.Sleep(tick)
	}
}

func pass(how func(int, []byte) (int, error), end int, one []byte) {
	for {
		_, err := how(end, one)
		if err == nil {
			return
		}
		if err != syscall.EINTR {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
