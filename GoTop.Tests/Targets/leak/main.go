// Leak: goroutines that never end. Each request asks a backend in a goroutine of its own and waits for it with a
// timeout; the answer goes over an unbuffered channel. When the request gives up first, nobody receives any more and
// the goroutine blocks in its send for ever, with the answer it holds. All are made at one place: (*orders).lookUp.
//
// Flags: -listen ADDRESS ("" = no HTTP at all), -pprof, -rate LEAKED_GOROUTINES_PER_SECOND.
// Prints "listening on ADDRESS" (when it listens) and "ready". Ends when stdin closes, and on SIGTERM or Ctrl-C.
package main

import (
	"context"
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

type order struct {
	id    int
	lines []byte
}

type orders struct{ backendDelay time.Duration }

var abandoned = expvar.NewInt("leak.abandoned")

// fetch is a backend that has become slower than its callers are patient.
func (o *orders) fetch(id int) order {
	time.Sleep(o.backendDelay)
	return order{id: id, lines: make([]byte, 2048)}
}

// lookUp returns the order, or the context's error. The channel should have had room for one.
func (o *orders) lookUp(ctx context.Context, id int) (order, error) {
	answers := make(chan order)
	go func() {
		answers <- o.fetch(id)
	}()
	select {
	case answer := <-answers:
		return answer, nil
	case <-ctx.Done():
		abandoned.Add(1)
		return order{}, ctx.Err()
	}
}

func (o *orders) request(id int) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	_, err := o.lookUp(ctx, id)
	return err
}

func (o *orders) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := o.request(0); err != nil {
		http.Error(w, err.Error(), http.StatusGatewayTimeout)
	}
}

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address to serve HTTP on; \"\" for none")
	withPprof := flag.Bool("pprof", true, "serve /debug/pprof/ and /debug/vars")
	rate := flag.Int("rate", 20, "goroutines leaked per second")
	flag.Parse()

	service := &orders{backendDelay: 50 * time.Millisecond}
	mux := http.NewServeMux()
	mux.Handle("/order", service)
	serve(*listen, *withPprof, mux)
	if *rate > 0 {
		go func() {
			ticks := time.NewTicker(time.Second / time.Duration(*rate))
			for id := 1; ; id++ {
				<-ticks.C
				go service.request(id)
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
