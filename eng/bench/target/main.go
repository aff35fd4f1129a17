// benchtarget is a service to be watched: goroutines parked in the ways real services park them, and a fixed piece of
// work repeated on every core. Each 500 ms it prints "nanoseconds operations cpuNanoseconds switches", all since the start.
package main

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	_ "net/http/pprof"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

var sink uint64

func main() {
	goroutines := flag.Int("goroutines", 10000, "parked goroutines")
	busy := flag.Bool("busy", true, "work on every core; otherwise a little, ten times a second")
	pprof := flag.Bool("pprof", false, "serve /debug/pprof/ on a free local port")
	churn := flag.Bool("churn", false, "start and end a few thousand goroutines a second")
	switches := flag.Int("switches", 0, "voluntary switches of operating system threads a second, by bytes that pairs of threads pass one another")
	flag.Parse()
	started := time.Now()
	if *pprof {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		go http.Serve(listener, nil)
	}
	park(*goroutines)
	var operations uint64
	if *busy {
		for i := 0; i < runtime.GOMAXPROCS(0); i++ {
			go work(&operations)
		}
	}
	if *churn {
		go comeAndGo()
	}
	if *switches > 0 {
		passBytes(*switches)
	}
	// Ends when whoever started it has gone: its standard input is closed then.
	go func() {
		os.Stdin.Read(make([]byte, 1))
		os.Exit(0)
	}()
	for n := 0; ; n++ {
		if *busy {
			time.Sleep(500 * time.Millisecond)
		} else {
			atomic.AddUint64(&sink, operation(uint64(n)))
			time.Sleep(100 * time.Millisecond)
			if n%5 != 0 {
				continue
			}
		}
		cpu, switched := use()
		fmt.Println(time.Since(started).Nanoseconds(), atomic.LoadUint64(&operations), cpu, switched)
	}
}

// park leaves n goroutines waiting in five ways, at different depths of stack.
func park(n int) {
	// Nobody sends to the one or receives from the other.
	never, full := make(chan int), make(chan int)
	var locked sync.Mutex
	locked.Lock()
	var group sync.WaitGroup
	group.Add(1)
	waits := []func(){
		func() { <-never },
		func() { full <- 1 },
		func() {
			select {
			case <-never:
			case full <- 1:
			}
		},
		func() { group.Wait() },
		func() { time.Sleep(time.Hour) },
	}
	for i := 0; i < n; i++ {
		go descend(i%8, waits[i%len(waits)])
	}
}

//go:noinline
func descend(depth int, wait func()) {
	if depth > 0 {
		descend(depth-1, wait)
	} else {
		wait()
	}
	runtime.KeepAlive(depth)
}

// comeAndGo keeps some 100 goroutines alive that live for up to 40 ms each.
func comeAndGo() {
	for n := 0; ; n++ {
		wait := time.Duration(n%40) * time.Millisecond
		go descend(n%16, func() { time.Sleep(wait) })
		if n%25 == 0 {
			time.Sleep(5 * time.Millisecond)
		}
	}
}

func work(operations *uint64) {
	for i := uint64(1); ; i++ {
		atomic.AddUint64(&sink, operation(i))
		atomic.AddUint64(operations, 1)
	}
}

// operation is about 20 µs of arithmetic, memory traffic and a little allocation.
func operation(seed uint64) uint64 {
	table := make([]uint64, 512)
	x := seed | 1
	for i := 0; i < 8192; i++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		table[x%512] += x
	}
	return table[seed%512]
}

// use is the CPU time and the voluntary switches of all threads.
func use() (nanoseconds, switches int64) {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		return 0, 0
	}
	return use.Utime.Nano() + use.Stime.Nano(), use.Nvcsw
}
