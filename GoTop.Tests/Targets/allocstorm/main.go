// Allocstorm: allocates far more than it keeps, in large temporary buffers and many small objects. With GOGC at its
// default the collector runs dozens of times a second, takes a large share of the CPU and makes the allocating
// goroutines help (mark assist). The live heap stays at about 32 MB: pressure, not a leak.
//
// Flags: -listen ADDRESS ("" = no HTTP at all), -pprof, -rate REPORTS_PER_SECOND (each 4 MB; 0 = as many as go).
// Prints "listening on ADDRESS" (when it listens) and "ready". Ends when stdin closes, and on SIGTERM or Ctrl-C.
package main

import (
	"bytes"
	"encoding/json"
	"expvar"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"os/signal"
	"syscall"
	"time"
)

type entry struct {
	Name   string
	Values []*float64
}

type reports struct {
	// Kept for the whole run and full of pointers, so that each cycle has something to mark.
	archive [][]*entry
}

var rendered = expvar.NewInt("allocstorm.rendered")

func newReports() *reports {
	r := &reports{}
	for i := 0; i < 64; i++ {
		r.archive = append(r.archive, makeEntries(2000))
	}
	return r
}

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

// render builds a whole report in memory, encodes it and copies the result: about 4 MB, all garbage at the end.
func (r *reports) render() int {
	var page bytes.Buffer
	json.NewEncoder(&page).Encode(makeEntries(2000))
	padded := make([]byte, 1<<20)
	copy(padded, page.Bytes())
	text := string(padded)
	rendered.Add(1)
	return len(text)
}

func (r *reports) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	fmt.Fprintln(w, r.render())
}

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address to serve HTTP on; \"\" for none")
	withPprof := flag.Bool("pprof", true, "serve /debug/pprof/ and /debug/vars")
	rate := flag.Int("rate", 0, "reports per second; 0 for as many as go")
	flag.Parse()

	service := newReports()
	mux := http.NewServeMux()
	mux.Handle("/report", service)
	serve(*listen, *withPprof, mux)
	const renderers = 4
	for i := 0; i < renderers; i++ {
		go func() {
			for {
				service.render()
				if *rate > 0 {
					time.Sleep(renderers * time.Second / time.Duration(*rate))
				}
			}
		}()
	}
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
