// Command crash ends in one of the ways in which Go programs end, among a crowd of goroutines that is always the same,
// so that what the runtime prints on standard error is known. Or it prints a dump of its goroutines and ends in peace.
//
//	crash panic|error|lines|nested|repanic|nil|fault|map|overflow|exhausted|sigquit|sigabrt
//	crash deadlock|goexit        without the crowd
//	crash dump|counts [SECONDS]  goroutine?debug=2 and debug=1, after some time of waiting
//	crash leak                   goroutineleak?debug=2, where Go has it
//	crash many COUNT             debug=2 with so many goroutines more
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

type crowd struct {
	never chan struct{}
	ready sync.WaitGroup
	mu    sync.Mutex
	spins atomic.Int64
}

type pair[K comparable, V any] struct {
	key   K
	value V
}

//go:noinline
func (p *pair[K, V]) wait(c *crowd) { c.ready.Done(); <-c.never }

//go:noinline
func waitFor[T any](c *crowd, _ T) { c.ready.Done(); <-c.never }

//go:noinline
func (c *crowd) receive(n int, text string, _ []byte, _ error) { c.ready.Done(); <-c.never }

//go:noinline
func (c *crowd) deep(n int) {
	if n > 0 {
		c.deep(n - 1)
		return
	}
	c.ready.Done()
	<-c.never
}

//go:noinline
func (c *crowd) locked() { runtime.LockOSThread(); c.ready.Done(); <-c.never }

//go:noinline
func (c *crowd) waitLock() { c.ready.Done(); c.mu.Lock() }

func (c *crowd) inlined() { c.ready.Done(); <-c.never }

// spin never gives its processor away by itself.
//
//go:noinline
func (c *crowd) spin() {
	c.ready.Done()
	for {
		c.spins.Add(1)
	}
}

// start makes the crowd: 11 goroutines, and one more that spins where a crash is to find one running.
func start(spinning bool) *crowd {
	c := &crowd{never: make(chan struct{})}
	c.mu.Lock()
	c.ready.Add(11)
	for i := 0; i < 3; i++ {
		go c.receive(i, "text", make([]byte, 4), errors.New("x"))
	}
	go c.deep(149)
	go c.locked()
	go c.waitLock()
	go waitFor(c, 7)
	go (&pair[string, struct{ A, B int }]{}).wait(c)
	method := c.inlined
	go method()
	go func() { func() { c.inlined() }() }()
	go pprof.Do(context.Background(), pprof.Labels("kind", "mail", "route", "GET /a, {b}: \"c\"\n\t\u00e9", "worker", "3"), func(context.Context) {
		c.inlined()
	})
	if spinning {
		c.ready.Add(1)
		go c.spin()
	}
	c.ready.Wait()
	// The last of them has said that it is there but may not wait yet.
	for i := 0; i < 20; i++ {
		runtime.Gosched()
		time.Sleep(time.Millisecond)
	}
	return c
}

type failure struct {
	code int
	text string
}

func (f failure) Error() string { return fmt.Sprintf("failure %d: %s", f.code, f.text) }

//go:noinline
func overflow(n int) int { return overflow(n+1) + 1 }

//go:noinline
func waitForever(never chan struct{}) { <-never }

//go:noinline
func load(p *int) int { return *p }

// wait lets the goroutines wait for so many seconds from a garbage collection on: only that notes since when they do.
func wait(seconds string) {
	runtime.GC()
	n, err := time.ParseDuration(seconds + "s")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	time.Sleep(n)
}

func main() {
	debug.SetMaxStack(1 << 20)
	how := ""
	if len(os.Args) > 1 {
		how = os.Args[1]
	}
	switch how {
	case "deadlock", "goexit":
		// A signal handler or a sleeping goroutine would keep the runtime from seeing the deadlock.
		go func() { select {} }()
		go waitForever(make(chan struct{}))
		runtime.Gosched()
		if how == "goexit" {
			runtime.Goexit()
		}
		var nothing chan int
		<-nothing
	}
	fmt.Fprintln(os.Stderr, "2026/11/23 15:00:00 starting (pid 1): how = "+how)
	c := start(how == "sigquit" || how == "panic")
	switch how {
	case "panic":
		panic("the disk is full")
	case "error":
		panic(failure{code: 7, text: "no such table"})
	case "lines":
		panic("first line\nsecond line\n\ngoroutine 99 [running]:\nmain.fake(0x1)\n\t/fake.go:1 +0x1")
	case "nested":
		defer func() { panic(fmt.Errorf("while cleaning up: %w", os.ErrClosed)) }()
		panic("the disk is full")
	case "repanic":
		defer func() { panic(recover()) }()
		panic("the disk is full")
	case "nil":
		load(nil)
	case "map":
		m := map[int]int{}
		for i := 0; i < 4; i++ {
			go func(i int) {
				for n := 0; ; n++ {
					m[n&1023] = i
				}
			}(i)
		}
		select {}
	case "overflow":
		overflow(0)
	case "sigquit", "sigabrt":
		which := syscall.SIGQUIT
		if how == "sigabrt" {
			which = syscall.SIGABRT
		}
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Signal(which)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		select {}
	case "fault":
		debug.SetPanicOnFault(false)
		fault()
	case "exhausted":
		debug.SetMaxThreads(30)
		for i := 0; i < 100; i++ {
			go func() { runtime.LockOSThread(); <-c.never }()
		}
		select {}
	case "dump", "counts":
		if len(os.Args) > 2 {
			wait(os.Args[2])
		}
	}
	switch how {
	case "dump":
		pprof.Lookup("goroutine").WriteTo(os.Stdout, 2)
	case "counts":
		pprof.Lookup("goroutine").WriteTo(os.Stdout, 1)
	case "leak":
		leaks := pprof.Lookup("goroutineleak")
		if leaks == nil {
			os.Exit(3)
		}
		for i := 0; i < 3; i++ {
			go waitForever(make(chan struct{}))
		}
		time.Sleep(50 * time.Millisecond)
		leaks.WriteTo(os.Stdout, 2)
	case "many":
		many(c)
	default:
		fmt.Fprintln(os.Stderr, "crash: which way? see the comment in main.go")
		os.Exit(1)
	}
}
