// Convoy: hundreds of goroutines queue for one sync.Mutex, whose holder does slow work while it holds it. Most wait in
// (*ledger).book at sync.(*Mutex).Lock; throughput is that of one at a time, however many cores there are.
//
// Flags: -listen ADDRESS ("" = no HTTP at all), -pprof, -rate GOROUTINES_IN_THE_QUEUE (default 300).
// Prints "listening on ADDRESS" (when it listens) and "ready". Ends when stdin closes, and on SIGTERM or Ctrl-C.
package main

import (
	"expvar"
	"flag"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"
)

type ledger struct {
	mu      sync.Mutex
	balance map[int]uint32
	journal []byte
}

var booked = expvar.NewInt("convoy.booked")

// book holds the lock while it sums up the journal and waits for a slow disk, which neither needs it.
func (l *ledger) book(account int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.balance[account] += crc32.ChecksumIEEE(l.journal)
	time.Sleep(2 * time.Millisecond)
	booked.Add(1)
}

func (l *ledger) teller(account int) {
	for {
		l.book(account)
	}
}

func (l *ledger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.book(-1)
	fmt.Fprintln(w, "booked")
}

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address to serve HTTP on; \"\" for none")
	withPprof := flag.Bool("pprof", true, "serve /debug/pprof/ and /debug/vars")
	rate := flag.Int("rate", 300, "goroutines that queue for the lock")
	flag.Parse()

	// So that /debug/pprof/mutex and block have something to show.
	runtime.SetMutexProfileFraction(10)
	runtime.SetBlockProfileRate(1000000)
	service := &ledger{balance: map[int]uint32{}, journal: make([]byte, 64<<10)}
	mux := http.NewServeMux()
	mux.Handle("/book", service)
	serve(*listen, *withPprof, mux)
	for account := 0; account < *rate; account++ {
		go service.teller(account)
	}
	go otherTraffic()
	waitForEnd()
}

// serve returns the address it listens on, or "" for none.
func serve(listen string, withPprof bool, mux *http.ServeMux) string {
	if listen == "" {
		return ""
	}
	if withPprof {
		mux.HandleFunc("/debug/pprof/", pprof.Index)
		mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
		mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
		mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
		mux.Handle("/debug/vars", expvar.Handler())
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	go http.Serve(listener, mux)
	fmt.Println("listening on", listener.Addr())
	return listener.Addr().String()
}

// otherTraffic allocates enough for a GC cycle or two per second: only a cycle writes down since when goroutines wait.
func otherTraffic() {
	var page []byte
	for {
		page = make([]byte, 512<<10)
		page[0]++
		time.Sleep(100 * time.Millisecond)
	}
}

// waitForEnd keeps a test that dies from leaving this process behind.
func waitForEnd() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	closed := make(chan struct{})
	go func() {
		io.Copy(io.Discard, os.Stdin)
		close(closed)
	}()
	fmt.Println("ready")
	select {
	case <-signals:
	case <-closed:
	}
}
