// Workers: threads that want cores, for comparing what a kernel says of them with what else is known.
//
// Flags: -listen ADDRESS ("" = no HTTP; else pprof), -workers N (each burns CPU in alpha … foxtrot, in that order of weight;
// default 8), -pairs N (two locked threads that wake each other through pipes, PAUSE apart; default 0), -pause DURATION.
// Prints "listening on ADDRESS" (when it listens) and "ready". To a line on stdin it answers with the rounds that pairs
// have made. Ends when stdin closes.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"runtime"
	"sync/atomic"
	"time"
)

var (
	sink   uint64
	rounds int64
)

// Each has its own loop, so that samples fall into it and not into what it calls.
//
//go:noinline
func alpha(s uint64) uint64 {
	for i := 0; i < 320000; i++ {
		s = s*6364136223846793005 + 1
	}
	return s
}

//go:noinline
func bravo(s uint64) uint64 {
	for i := 0; i < 200000; i++ {
		s = s*6364136223846793005 + 3
	}
	return s
}

//go:noinline
func charlie(s uint64) uint64 {
	for i := 0; i < 125000; i++ {
		s = s*6364136223846793005 + 5
	}
	return s
}

//go:noinline
func delta(s uint64) uint64 {
	for i := 0; i < 78000; i++ {
		s = s*6364136223846793005 + 7
	}
	return s
}

//go:noinline
func echo(s uint64) uint64 {
	for i := 0; i < 49000; i++ {
		s = s*6364136223846793005 + 9
	}
	return s
}

//go:noinline
func foxtrot(s uint64) uint64 {
	for i := 0; i < 15000; i++ {
		s = s*6364136223846793005 + 11
	}
	return s
}

func work() {
	for s := uint64(1); ; {
		s = foxtrot(echo(delta(charlie(bravo(alpha(s))))))
		atomic.StoreUint64(&sink, s)
		// A profile begins on a thread when it next schedules.
		runtime.Gosched()
	}
}

// pair makes two threads wake each other: the descriptors block, so that each wait is a thread's and not a goroutine's.
func pair(pause time.Duration) {
	there, back := pipe(), pipe()
	go func() {
		runtime.LockOSThread()
		one := make([]byte, 1)
		for {
			there.read(one)
			back.write(one)
		}
	}()
	go func() {
		runtime.LockOSThread()
		one := make([]byte, 1)
		for {
			there.write(one)
			back.read(one)
			atomic.AddInt64(&rounds, 1)
			if pause > 0 {
				time.Sleep(pause)
			}
		}
	}()
}

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "")
	workers := flag.Int("workers", 8, "")
	pairs := flag.Int("pairs", 0, "")
	pause := flag.Duration("pause", 0, "")
	flag.Parse()
	runtime.GOMAXPROCS(*workers + 2**pairs + 2)
	for i := 0; i < *workers; i++ {
		go work()
	}
	for i := 0; i < *pairs; i++ {
		pair(*pause)
	}
	if *listen != "" {
		listener, err := net.Listen("tcp", *listen)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		mux := http.NewServeMux()
		mux.HandleFunc("/debug/pprof/", pprof.Index)
		mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
		go http.Serve(listener, mux)
		fmt.Printf("listening on %s\n", listener.Addr())
	}
	fmt.Println("ready")
	for input := bufio.NewScanner(os.Stdin); input.Scan(); {
		fmt.Println(atomic.LoadInt64(&rounds))
	}
}
