// Healthy: a small HTTP service that is well. It answers requests, does a little work for each and caches the result;
// it makes its own modest load, so that its figures move. Nothing here should ever be a finding.
//
// Flags: -listen ADDRESS ("" = no HTTP at all), -pprof, -rate REQUESTS_PER_SECOND, -write-timeout TIME (of the HTTP server).
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
	"sync"
	"syscall"
	"time"
)

// catalog answers what a price is, from a cache that is bounded.
type catalog struct {
	mu     sync.RWMutex
	prices map[uint32]uint32
}

const cachedPrices = 1024

var served = expvar.NewInt("healthy.served")

func (c *catalog) price(article uint32) uint32 {
	c.mu.RLock()
	price, known := c.prices[article]
	c.mu.RUnlock()
	if known {
		return price
	}
	price = computePrice(article)
	c.mu.Lock()
	if len(c.prices) >= cachedPrices {
		c.prices = make(map[uint32]uint32, cachedPrices)
	}
	c.prices[article] = price
	c.mu.Unlock()
	return price
}

func computePrice(article uint32) uint32 {
	page := make([]byte, 4096)
	for i := range page {
		page[i] = byte(article) + byte(i)
	}
	return crc32.ChecksumIEEE(page)
}

func (c *catalog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	article := crc32.ChecksumIEEE([]byte(r.URL.RawQuery))
	served.Add(1)
	fmt.Fprintln(w, c.price(article))
}

// customer asks for a price now and then, over HTTP where the service listens.
func (c *catalog) customer(address string, pause time.Duration) {
	for article := uint32(0); ; article++ {
		time.Sleep(pause)
		if address == "" {
			served.Add(1)
			c.price(article % 4096)
			continue
		}
		answer, err := http.Get(fmt.Sprintf("http://%s/price?%d", address, article%4096))
		if err == nil {
			io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
		}
	}
}

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address to serve HTTP on; \"\" for none")
	withPprof := flag.Bool("pprof", true, "serve /debug/pprof/ and /debug/vars")
	rate := flag.Int("rate", 50, "requests per second it makes of itself")
	writeTimeout := flag.Duration("write-timeout", 0, "WriteTimeout of the HTTP server; 0 for none")
	flag.Parse()

	service := &catalog{prices: make(map[uint32]uint32, cachedPrices)}
	mux := http.NewServeMux()
	mux.Handle("/price", service)
	address := serve(*listen, *withPprof, *writeTimeout, mux)

	const customers = 4
	if *rate > 0 {
		for i := 0; i < customers; i++ {
			go service.customer(address, customers*time.Second/time.Duration(*rate))
		}
	}
	go otherTraffic()
	waitForEnd()
}

// serve returns the address it listens on, or "" for none.
func serve(listen string, withPprof bool, writeTimeout time.Duration, mux *http.ServeMux) string {
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
	server := &http.Server{Handler: mux, WriteTimeout: writeTimeout}
	go server.Serve(listener)
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
