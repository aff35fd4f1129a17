package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"runtime/pprof"
	"strconv"
	"time"
)

// many adds goroutines such as services have: readers that wait for a request, workers, timers, senders.
func many(c *crowd) {
	count, err := strconv.Atoi(os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	jobs := make(chan func(context.Context, int) error)
	for i := 0; i < count; i++ {
		c.ready.Add(1)
		switch i % 5 {
		case 0:
			go serve(c, i)
		case 1:
			go func(n int) { c.ready.Done(); work(c, n, jobs) }(i)
		case 2:
			go c.deep(i % 29)
		case 3:
			go c.receive(i, "text", make([]byte, 4), nil)
		default:
			go func() { c.ready.Done(); time.Sleep(time.Hour) }()
		}
	}
	c.ready.Wait()
	time.Sleep(200 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, 2)
}

func serve(c *crowd, _ int) {
	near, far := io.Pipe()
	defer far.Close()
	c.ready.Done()
	_, _ = bufio.NewReader(near).ReadString('\n')
}

//go:noinline
func work(c *crowd, n int, jobs chan func(context.Context, int) error) {
	select {
	case job := <-jobs:
		_ = job(context.Background(), n)
	case <-c.never:
	}
}
