// Command traceload writes an execution trace of a program that does a bit of everything: locks, channels, allocation,
// goroutines that come and go, network and file system calls, tasks and regions.
//
// usage: traceload FILE SECONDS
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"runtime"
	"runtime/trace"
	"strconv"
	"sync"
	"time"
)

var (
	lock sync.Mutex
	kept [][]byte
)

func main() {
	seconds, err := strconv.ParseFloat(os.Args[2], 64)
	check(err)
	file, err := os.Create(os.Args[1])
	check(err)
	runtime.GOMAXPROCS(4)
	times(8, func(int) { locked(func() { spin(20_000) }); time.Sleep(time.Millisecond) })
	times(4, func(int) { allocate(); time.Sleep(100 * time.Microsecond) })
	times(3, func(int) { fan(50); time.Sleep(5 * time.Millisecond) })
	times(3, func(i int) { task(i); time.Sleep(time.Millisecond) })
	times(1, func(int) { os.ReadDir("/proc/self/fd"); time.Sleep(time.Millisecond) })
	pairs(4)
	time.Sleep(50 * time.Millisecond)
	check(trace.Start(file))
	time.Sleep(time.Duration(seconds * float64(time.Second)))
	trace.Stop()
	check(file.Close())
}

// times runs the work in count goroutines, again and again.
func times(count int, work func(int)) {
	for i := range count {
		go func() {
			for {
				work(i)
			}
		}()
	}
}

func locked(work func()) {
	lock.Lock()
	defer lock.Unlock()
	work()
}

func allocate() {
	bytes := make([]byte, 1<<14)
	locked(func() {
		kept = append(kept, bytes)
		if len(kept) > 2000 {
			kept = nil
		}
	})
}

func fan(count int) {
	var group sync.WaitGroup
	for range count {
		group.Add(1)
		go func() { spin(1000); group.Done() }()
	}
	group.Wait()
}

func task(i int) {
	ctx, task := trace.NewTask(context.Background(), fmt.Sprint("task", i))
	defer task.End()
	trace.WithRegion(ctx, "outer", func() {
		trace.Logf(ctx, "category", "message %d", i)
		trace.WithRegion(ctx, "inner", func() { spin(5000) })
	})
}

// pairs makes connections over which a few bytes go back and forth.
func pairs(count int) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go func() {
		for {
			connection, err := listener.Accept()
			check(err)
			go func() {
				bytes := make([]byte, 100)
				for {
					n, err := connection.Read(bytes)
					check(err)
					connection.Write(bytes[:n])
				}
			}()
		}
	}()
	for range count {
		connection, err := net.Dial("tcp", listener.Addr().String())
		check(err)
		bytes := make([]byte, 100)
		times(1, func(int) { connection.Write(bytes); connection.Read(bytes); time.Sleep(200 * time.Microsecond) })
	}
}

func spin(n int) (x int) {
	for i := range n {
		x += i * i
	}
	return x
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
