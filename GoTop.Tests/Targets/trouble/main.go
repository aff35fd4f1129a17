// Trouble: three faults at once, as an incident brings them. Orders queue for one sync.Mutex that (*ledger).book holds
// while it does slow work (convoy); (*reports).render makes garbage by the megabyte (allocation storm); and
// (*archive).readSlow blocks its thread in a system call for 20 ms each time, past the network poller (slow syscall).
//
// Flags: -listen ADDRESS ("" = no HTTP at all), -pprof, -profiles (mutex and block profiling on; off as in most
// services), -rate REPORTS_PER_SECOND (each about 4 MB; 0 = as many as go; default 40).
// Prints "listening on ADDRESS" (when it listens) and "ready". Ends when stdin closes, and on SIGTERM or Ctrl-C.
package main

import (
	"context"
	"encoding/json"
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
	runtimepprof "runtime/pprof"
	"runtime/trace"
	"sync"
	"syscall"
	"time"
)

const (
	tellers = 200
	readers = 6
)

type ledger struct {
	mu      sync.Mutex
	journal []byte
	sum     uint32
}

// book holds the lock while it sums up the journal, which needs no lock.
func (l *ledger) book(ctx context.Context) {
	ctx, task := trace.NewTask(ctx, "order")
	defer task.End()
	defer trace.StartRegion(ctx, "book").End()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sum += crc32.ChecksumIEEE(l.journal)
	time.Sleep(time.Millisecond)
}

func (l *ledger) teller(ctx context.Context) {
	for {
		l.book(ctx)
		time.Sleep(5 * time.Millisecond)
	}
}

type entry struct {
	Name   string
	Values []*float64
}

type reports struct{ archive [][]*entry }

func makeEntries(count int) []*entry {
	entries := make([]*entry, count)
	for i := range entries {
		values := make([]*float64, 8)
		for j := range values {
			value := float64(i * j)
			values[j] = &value
		}
		entries[i] = &entry{Name: fmt.Sprint("entry ", i), Values: values}
	}
	return entries
}

// render builds a whole report in memory; all of it is garbage at the end.
func (r *reports) render() int {
	page, _ := json.Marshal(makeEntries(2000))
	return len(string(page))
}

func (r *reports) loop(rate int) {
	for {
		r.render()
		if rate > 0 {
			time.Sleep(time.Second / time.Duration(rate))
		}
	}
}

type archive struct{}

// readSlow stands for a read from a disk that is dying: the thread is gone for 20 ms.
func (a *archive) readSlow() { blockThread(20) }

func (a *archive) reader() {
	for {
		a.readSlow()
		runtime.Gosched()
	}
}

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address to serve HTTP on; \"\" for none")
	withPprof := flag.Bool("pprof", true, "serve /debug/pprof/ and /debug/vars")
	profiles := flag.Bool("profiles", false, "switch mutex and block profiling on")
	rate := flag.Int("rate", 40, "reports per second; 0 for as many as go")
	flag.Parse()

	if *profiles {
		runtime.SetMutexProfileFraction(10)
		runtime.SetBlockProfileRate(100000)
	}
	books := &ledger{journal: make([]byte, 256<<10)}
	service := &reports{}
	for i := 0; i < 64; i++ {
		service.archive = append(service.archive, makeEntries(2000))
	}
	serve(*listen, *withPprof)
	for i := 0; i < tellers; i++ {
		labels := runtimepprof.Labels("role", "teller", "branch", fmt.Sprint(i%4))
		go runtimepprof.Do(context.Background(), labels, books.teller)
	}
	for i := 0; i < readers; i++ {
		go new(archive).reader()
	}
	go service.loop(*rate)
	waitForEnd()
}

func serve(listen string, withPprof bool) {
	if listen == "" {
		return
	}
	mux := http.NewServeMux()
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
