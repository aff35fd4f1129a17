// Chatty writes log lines in the forms that Go services write, to standard error:
//
//	chatty FORM [LINES PER SECOND]
//
// with FORM one of slog-json, slog-text, std, mixed, served-panic, panic, maps, garbage. slog-json, slog-text and mixed go on
// until they are killed when a rate is given, else they write a few lines and end. Served-panic answers one request with a
// panic; garbage collects garbage, for GODEBUG=gctrace=1.
package main

import (
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"time"
)

type order struct{ id int }

//go:noinline
func (o *order) price() int { return o.id * 2 }

//go:noinline
func charge(o *order) int { return o.price() }

func main() {
	form := "mixed"
	rate := 0
	if len(os.Args) > 1 {
		form = os.Args[1]
	}
	if len(os.Args) > 2 {
		rate, _ = strconv.Atoi(os.Args[2])
	}
	switch form {
	case "slog-json":
		write(slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug})), rate)
	case "slog-text":
		write(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug})), rate)
	case "std":
		log.SetFlags(log.LstdFlags | log.Lmicroseconds | log.Lshortfile)
		log.Printf("listening on %s", "127.0.0.1:8080")
		log.SetFlags(log.LstdFlags)
		log.Printf("request user=%d took %v", 42, 3*time.Millisecond)
		log.New(os.Stderr, "ERROR: ", log.LstdFlags).Print("publish order 7122: context deadline exceeded")
		log.New(os.Stderr, "[orders] ", log.Lmsgprefix).Print("ready")
	case "mixed":
		go func() {
			for i := 0; ; i++ {
				time.Sleep(7 * time.Second)
				servedPanic()
			}
		}()
		write(slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug})), rate)
	case "served-panic":
		servedPanic()
	case "panic":
		log.Print("about to charge")
		fmt.Println(charge(nil))
	case "maps":
		runtime.GOMAXPROCS(4)
		m := map[int]int{}
		for g := 0; g < 4; g++ {
			go count(m)
		}
		time.Sleep(time.Minute)
	case "garbage":
		for i := 0; i < 20; i++ {
			sink = make([]byte, 4<<20)
			runtime.GC()
		}
		time.Sleep(150 * time.Millisecond)
	}
}

var sink []byte

//go:noinline
func count(m map[int]int) {
	for i := 0; ; i++ {
		m[i%100] = i
	}
}

func write(l *slog.Logger, rate int) {
	for i := 0; rate > 0 || i < 10; i++ {
		switch {
		case i%50 == 8:
			l.Error("publish failed", "order", 7000+i, "err", "context deadline exceeded")
		case i%10 == 3:
			l.Warn("payment gateway slow", "took", "2.1s", "order", 7000+i)
		case i%10 == 5:
			l.Debug("cache", slog.Group("user", "id", i, "name", "anna b"), "hit", i%2 == 0)
		default:
			l.Info("request", "method", "GET", "path", fmt.Sprintf("/orders/%d", i), "status", 200, "user", i%5+40)
		}
		if rate > 0 {
			time.Sleep(time.Second / time.Duration(rate))
		}
	}
}

func servedPanic() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	http.DefaultServeMux = http.NewServeMux()
	http.HandleFunc("/", handle)
	go http.Serve(listener, nil)
	if answer, err := http.Get("http://" + listener.Addr().String() + "/orders/7"); err == nil {
		io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
	}
	listener.Close()
}

//go:noinline
func handle(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, charge(nil)) }
