// Command fleetpages serves one page of metrics at many ports, each as a service of its own: counters grow with time, and
// one service has many goroutines. usage: fleetpages PAGE COUNT. Prints a port a line, then "ready"; ends when stdin closes.
package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"
)

func main() {
	page, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	count, err := strconv.Atoi(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	lines := bytes.SplitAfter(page, []byte("\n"))
	start := time.Now()
	for i := 0; i < count; i++ {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(listener.Addr().(*net.TCPAddr).Port)
		go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
			seconds := time.Since(start).Seconds()
			for _, line := range lines {
				switch {
				case bytes.HasPrefix(line, []byte("process_cpu_seconds_total ")):
					fmt.Fprintf(w, "process_cpu_seconds_total %g\n", seconds*(0.2+float64(i%10)/100))
				case bytes.HasPrefix(line, []byte("go_goroutines ")) && i == count/2:
					fmt.Fprintln(w, "go_goroutines 90210")
				case bytes.HasPrefix(line, []byte("go_goroutines ")):
					fmt.Fprintf(w, "go_goroutines %d\n", 200+i%20)
				default:
					w.Write(line)
				}
			}
		}))
	}
	fmt.Println("ready")
	io.Copy(io.Discard, os.Stdin)
}
