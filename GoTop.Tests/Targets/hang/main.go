// Hang: deadlocked. Two workers move money between accounts and take the two locks in opposite order; every request
// then queues behind them. The port accepts connections and the process lives, but nothing goes on: requests wait in
// (*bank).transfer for a lock or in (*bank).submit for room in the job queue. With -pprof the debug pages still answer,
// on the same port; without it the port accepts and never answers.
//
// Flags: -listen ADDRESS ("" = no HTTP at all), -pprof, -rate REQUESTS_PER_SECOND that pile up (at most 1000 in all).
// Prints "listening on ADDRESS" (when it listens) and "ready", the latter once it is deadlocked. Ends when stdin
// closes, and on SIGTERM or Ctrl-C.
package main

import (
	"expvar"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

type account struct {
	mu      sync.Mutex
	balance int
}

type bank struct {
	left, right account
	jobs        chan func()
	bothHoldOne sync.WaitGroup
}

var submitted = expvar.NewInt("hang.submitted")

// transfer takes the lock it pays from first: two in opposite directions wait for each other.
func (b *bank) transfer(from, to *account, amount int) {
	from.mu.Lock()
	defer from.mu.Unlock()
	b.bothHoldOne.Done()
	b.bothHoldOne.Wait()
	to.mu.Lock()
	defer to.mu.Unlock()
	from.balance -= amount
	to.balance += amount
}

func (b *bank) worker() {
	for job := range b.jobs {
		job()
	}
}

func (b *bank) submit() {
	submitted.Add(1)
	b.jobs <- func() {}
}

func (b *bank) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.submit()
}

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address to serve HTTP on; \"\" for none")
	withPprof := flag.Bool("pprof", true, "serve /debug/pprof/ and /debug/vars")
	rate := flag.Int("rate", 10, "requests per second that pile up")
	flag.Parse()

	service := &bank{jobs: make(chan func())}
	service.bothHoldOne.Add(2)
	go service.worker()
	go service.worker()
	service.jobs <- func() { service.transfer(&service.left, &service.right, 1) }
	service.jobs <- func() { service.transfer(&service.right, &service.left, 1) }
	service.bothHoldOne.Wait()

	mux := http.NewServeMux()
	mux.Handle("/", service)
	serve(*listen, *withPprof, mux)
	if *rate > 0 {
		go func() {
			for i := 0; i < 1000; i++ {
				go service.submit()
				time.Sleep(time.Second / time.Duration(*rate))
			}
		}()
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
