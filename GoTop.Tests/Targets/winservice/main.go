// Winservice is a Go program without pprof for the tests on Windows: it listens on a loopback port, parks a known number
// of goroutines, and works until its standard input ends; or, with -service NAME, as a Windows service that can be paused.
package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
)

func park(release <-chan struct{}) { <-release }

func main() {
	parked := flag.Int("parked", 100, "goroutines that wait for ever")
	service := flag.String("service", "", "run as this Windows service")
	threads := flag.Int("threads", 0, "system threads that stay")
	flag.Parse()

	work := func() {
		start(*parked, *threads)
	}
	if *service != "" {
		runService(*service, work)
		return
	}
	work()
	io.Copy(io.Discard, os.Stdin)
}

func start(parked, threads int) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			connection.Close()
		}
	}()

	release := make(chan struct{})
	for i := 0; i < parked; i++ {
		go park(release)
	}
	for i := 0; i < threads; i++ {
		go func() {
			runtime.LockOSThread()
			<-release
		}()
	}
	fmt.Printf("ready pid=%d port=%d\n", os.Getpid(), listener.Addr().(*net.TCPAddr).Port)
}
