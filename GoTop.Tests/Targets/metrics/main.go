// Command metrics is a service that client_golang watches: it counts its requests, fails some of them, and serves what it
// counts at /metrics. Built in GOPATH mode with the libraries that eng/get-go-libs.sh unpacks.
//
// Flags: -listen ADDRESS, -path PATH of the metrics, -all every metric of runtime/metrics, -pprof,
// -blocked N goroutines that wait for ever.
// Prints "listening on ADDRESS" and "ready". Ends when stdin closes.
package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	_ "net/http/pprof"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address")
	path := flag.String("path", "/metrics", "where the metrics are")
	all := flag.Bool("all", false, "every metric of runtime/metrics")
	withPprof := flag.Bool("pprof", false, "serve pprof")
	blocked := flag.Int("blocked", 0, "goroutines that wait for ever")
	flag.Parse()

	registry := prometheus.NewRegistry()
	if *all {
		registry.MustRegister(collectors.NewGoCollector(collectors.WithGoCollectorRuntimeMetrics(collectors.MetricsAll)))
	} else {
		registry.MustRegister(collectors.NewGoCollector())
	}
	registry.MustRegister(collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewBuildInfoCollector())

	requests := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "http_requests_total", Help: "Requests by status."}, []string{"code", "method"})
	duration := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "http_request_duration_seconds", Help: "Time to answer."}, []string{"code", "method"})
	registry.MustRegister(requests, duration)
	count := func(handler http.HandlerFunc) http.Handler {
		return promhttp.InstrumentHandlerDuration(duration, promhttp.InstrumentHandlerCounter(requests, handler))
	}

	mux := http.NewServeMux()
	mux.Handle("/ok", count(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "ok") }))
	mux.Handle("/slow", count(func(w http.ResponseWriter, r *http.Request) { time.Sleep(60 * time.Millisecond) }))
	mux.Handle("/fail", count(func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no", http.StatusInternalServerError) }))
	mux.Handle(*path, promhttp.InstrumentMetricHandler(registry, promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true})))
	if *withPprof {
		mux.Handle("/debug/pprof/", http.DefaultServeMux)
	}

	for i := 0; i < *blocked; i++ {
		go func() { select {} }()
	}

	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("listening on", listener.Addr())
	fmt.Println("ready")
	go http.Serve(listener, mux)
	io.Copy(io.Discard, os.Stdin)
}
