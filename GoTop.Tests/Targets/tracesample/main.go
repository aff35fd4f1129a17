// tracesample writes to standard output an execution trace of a short time in which a program does one of
// everything that a trace tells: every way to block, system calls, collections, tasks, regions, logs, labels
// and, with a second argument, CPU samples.
//
// usage: tracesample ROUNDS [cpu]
package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"runtime/trace"
	"strconv"
	"sync"
	"time"
)

func main() {
	rounds, err := strconv.Atoi(os.Args[1])
	check(err)
	debug.SetGCPercent(20)
	before := startWaiting()
	if len(os.Args) > 2 {
		check(pprof.StartCPUProfile(io.Discard))
	}
	check(trace.Start(os.Stdout))
	for i := 0; i < rounds; i++ {
		round(i)
	}
	close(before)
	if len(os.Args) > 2 {
		spin(25 * time.Millisecond)
		pprof.StopCPUProfile()
	}
	trace.Stop()
}

// startWaiting starts goroutines that are there when tracing begins: one waits, one is in a system call, one is runnable.
func startWaiting() chan struct{} {
	done := make(chan struct{})
	go func() { <-done }()
	read, _, err := os.Pipe()
	check(err)
	go func() {
		read.Fd() // makes it blocking, so that reading takes a thread
		read.Read(make([]byte, 1))
	}()
	runtime.Gosched()
	time.Sleep(time.Millisecond)
	go func() { <-done }()
	return done
}

func round(i int) {
	ctx, task := trace.NewTask(context.Background(), "round")
	defer task.End()
	trace.Log(ctx, "number", strconv.Itoa(i))
	trace.WithRegion(ctx, "channels", channels)
	trace.WithRegion(ctx, "locks", locks)
	trace.WithRegion(ctx, "network", network)
	region := trace.StartRegion(ctx, "memory")
	memory()
	region.End()
	pprof.Do(ctx, pprof.Labels("kind", "nested"), func(ctx context.Context) {
		_, inner := trace.NewTask(ctx, "inner")
		inner.End()
	})
	system()
}

func channels() {
	unbuffered := make(chan int)
	go func() { unbuffered <- 1 }()
	runtime.Gosched()
	<-unbuffered
	go func() {
		time.Sleep(20 * time.Microsecond)
		unbuffered <- 2
	}()
	<-unbuffered
	go func() { unbuffered <- 3 }()
	select {
	case <-unbuffered:
	case <-time.After(time.Second):
	}
	go func() { select {} }()
	runtime.Gosched()
}

func locks() {
	var mutex sync.Mutex
	var group sync.WaitGroup
	condition := sync.NewCond(&mutex)
	ready := false
	for i := 0; i < 3; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			mutex.Lock()
			for !ready {
				condition.Wait()
			}
			mutex.Unlock()
		}()
	}
	time.Sleep(50 * time.Microsecond)
	mutex.Lock()
	ready = true
	mutex.Unlock()
	condition.Broadcast()
	group.Wait()
}

func network() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	defer listener.Close()
	go func() {
		conn, err := listener.Accept()
		check(err)
		time.Sleep(100 * time.Microsecond)
		conn.Write([]byte("hello"))
		conn.Close()
	}()
	conn, err := net.Dial("tcp", listener.Addr().String())
	check(err)
	conn.Read(make([]byte, 5))
	conn.Close()
}

var kept [][]byte

func memory() {
	for i := 0; i < 40; i++ {
		kept = append(kept, bytes.Repeat([]byte{1}, 32<<10))
	}
	kept = nil
}

func system() {
	os.Getpid()
	os.Stat("/")
	read, write, err := os.Pipe()
	check(err)
	read.Fd()
	go func() {
		time.Sleep(100 * time.Microsecond)
		write.Write([]byte{1})
		write.Close()
	}()
	read.Read(make([]byte, 1))
	read.Close()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
}

func spin(duration time.Duration) {
	for start := time.Now(); time.Since(start) < duration; {
		bytes.Count(make([]byte, 4096), []byte{0})
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
