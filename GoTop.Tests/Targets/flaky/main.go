// Flaky: a service that a watchdog has work with. Twenty workers and each request take one lock for a moment. After
// -crash it panics; after -hang somebody takes the lock and never gives it back, while the port goes on accepting.
//
// Flags: -listen ADDRESS ("" = no HTTP), -crash DURATION, -hang DURATION (0 = never), -once FILE (misbehaves only while
// there is no such file, and makes it first: its next life is a healthy one).
// Prints "ready". It does not read stdin, since it is started again without one; it ends by itself after ten minutes.
package main

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

type ledger struct {
	mu    sync.Mutex
	count int
}

func (l *ledger) book() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count++
}

func (l *ledger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.book()
	fmt.Fprintln(w, "all is well")
}

func (l *ledger) worker() {
	for {
		l.book()
		time.Sleep(50 * time.Millisecond)
	}
}

// forget takes the lock for good.
func (l *ledger) forget() { l.mu.Lock() }

func main() {
	listen := flag.String("listen", "", "address to serve HTTP on; \"\" for none")
	crash := flag.Duration("crash", 0, "panic after this time; 0 for never")
	hang := flag.Duration("hang", 0, "hang after this time; 0 for never")
	once := flag.String("once", "", "misbehave only while there is no such file")
	flag.Parse()
	if *once != "" {
		if _, err := os.Stat(*once); err == nil {
			*crash, *hang = 0, 0
		} else if err := os.WriteFile(*once, nil, 0o600); err != nil {
			panic(err)
		}
	}

	books := &ledger{}
	for i := 0; i < 20; i++ {
		go books.worker()
	}
	if *listen != "" {
		listener, err := net.Listen("tcp", *listen)
		if err != nil {
			panic(err)
		}
		go http.Serve(listener, books)
	}
	if *hang > 0 {
		time.AfterFunc(*hang, books.forget)
	}
	fmt.Println("ready")
	if *crash > 0 {
		time.Sleep(*crash)
		panic("flaky: out of luck")
	}
	time.Sleep(10 * time.Minute)
}
