// Threads: a Go program with a known number of system threads that stay, and others that come and go. It is pinned, stopped
// and restarted by tests.
//
// Flags: -threads NUMBER that stay, -churn (a new thread every few milliseconds, which then ends), -stubborn (SIGTERM is
// ignored), -follow (it also prints "gomaxprocs N" at its start and on each change).
// Prints "ready". Ends when stdin closes (but for -no-stdin), and on SIGTERM or Ctrl-C.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"
)

func stay(started *sync.WaitGroup) {
	runtime.LockOSThread()
	started.Done()
	select {}
}

// comeAndGo ends its goroutine while it is locked to its thread, which ends the thread.
func comeAndGo() {
	for {
		go func() {
			runtime.LockOSThread()
			time.Sleep(3 * time.Millisecond)
		}()
		time.Sleep(5 * time.Millisecond)
	}
}

func follow() {
	for last := 0; ; time.Sleep(20 * time.Millisecond) {
		if now := runtime.GOMAXPROCS(0); now != last {
			last = now
			fmt.Println("gomaxprocs", now)
		}
	}
}

func main() {
	threads := flag.Int("threads", 8, "threads that stay")
	churn := flag.Bool("churn", false, "make threads that come and go")
	stubborn := flag.Bool("stubborn", false, "ignore SIGTERM")
	following := flag.Bool("follow", false, "print GOMAXPROCS whenever it changes")
	noStdin := flag.Bool("no-stdin", false, "do not end when stdin closes")
	flag.Parse()

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	var started sync.WaitGroup
	started.Add(*threads)
	for i := 0; i < *threads; i++ {
		go stay(&started)
	}
	started.Wait()
	if *churn {
		go comeAndGo()
	}
	if *following {
		go follow()
	}
	fmt.Println("ready")

	closed := make(chan struct{})
	if !*noStdin {
		go func() {
			io.Copy(io.Discard, os.Stdin)
			close(closed)
		}()
	}
	for {
		select {
		case <-closed:
			return
		case <-signals:
			if !*stubborn {
				return
			}
		}
	}
}
