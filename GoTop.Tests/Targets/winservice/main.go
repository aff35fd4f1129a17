// Winservice is a Go program without pprof for the tests on Windows: it listens on a loopback port, parks a known number
// of goroutines, and works until its standard input ends.
package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"os"
)

func park(release <-chan struct{}) { <-release }

func main() {
	parked := flag.Int("parked", 100, "goroutines that wait for ever")
	flag.Parse()

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
	for i := 0; i < *parked; i++ {
		go park(release)
	}
	fmt.Printf("ready pid=%d port=%d\n", os.Getpid(), listener.Addr().(*net.TCPAddr).Port)
	io.Copy(io.Discard, os.Stdin)
}
