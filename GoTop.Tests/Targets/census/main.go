// Command census makes a known crowd of goroutines and says, when asked on its standard input, what the runtime
// itself reports of them. What GoTop reads from its memory is compared with that.
//
//	census | memstats | histograms | gc | quit
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sort"
	"strings"
	"sync"
	"time"
)

type crowd struct {
	mu    sync.Mutex
	rw    sync.RWMutex
	cond  *sync.Cond
	never chan struct{}
	none  chan int
	wg    sync.WaitGroup
}

//go:noinline
func (c *crowd) receive() { <-c.never }

//go:noinline
func (c *crowd) send() { c.none <- 1 }

//go:noinline
func (c *crowd) sel() {
	select {
	case <-c.never:
	case c.none <- 1:
	}
}

//go:noinline
func (c *crowd) lock() { c.mu.Lock() }

//go:noinline
func (c *crowd) wait() { c.wg.Wait() }

//go:noinline
func (c *crowd) sleep() { time.Sleep(1000 * time.Hour) }

//go:noinline
func (c *crowd) condition() { c.cond.L.Lock(); c.cond.Wait() }

//go:noinline
func (c *crowd) deep(n int) {
	if n > 0 {
		c.deep(n - 1)
		return
	}
	<-c.never
}

//go:noinline
func (c *crowd) locked() { runtime.LockOSThread(); <-c.never }

// inlined is small enough for the compiler to inline: its frame is only in the inline tree.
func (c *crowd) inlined() { c.wg.Wait() }

//go:noinline
func (c *crowd) outer() { c.inlined() }

var sink [][]byte

func churn(stop chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
			done := make(chan struct{})
			go func() { sink = append(sink[:0:0], make([]byte, 1<<10)); close(done) }()
			<-done
		}
	}
}

var header = regexp.MustCompile(`^goroutine (\d+) (?:gp=\S+ m=\S+ )?(?:mp=\S+ )?\[([^\],]+)`)

// census prints a line per state and start function: count, state, function of the outermost frame.
func census() {
	size := 1 << 20
	var text []byte
	for {
		text = make([]byte, size)
		n := runtime.Stack(text, true)
		if n < size {
			text = text[:n]
			break
		}
		size *= 2
	}
	counts := map[string]int{}
	for _, block := range strings.Split(strings.TrimSpace(string(text)), "\n\n") {
		lines := strings.Split(block, "\n")
		m := header.FindStringSubmatch(lines[0])
		if m == nil {
			fmt.Println("odd", lines[0])
			continue
		}
		outer := "?"
		for i := len(lines) - 2; i > 0; i -= 2 {
			if !strings.HasPrefix(lines[i], "created by ") {
				outer = lines[i]
				if p := strings.LastIndex(outer, "("); p > 0 {
					outer = outer[:p]
				}
				break
			}
		}
		counts[m[2]+"\t"+outer]++
	}
	keys := make([]string, 0, len(counts))
	for k := range counts {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	fmt.Println("numgoroutine", runtime.NumGoroutine())
	for _, k := range keys {
		fmt.Printf("group\t%d\t%s\n", counts[k], k)
	}
	fmt.Println("end")
}

func memstats() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Println("version", runtime.Version())
	fmt.Println("gomaxprocs", runtime.GOMAXPROCS(0))
	for _, f := range []struct {
		name  string
		value uint64
	}{
		{"Sys", m.Sys}, {"HeapSys", m.HeapSys}, {"HeapIdle", m.HeapIdle}, {"HeapInuse", m.HeapInuse}, {"HeapReleased", m.HeapReleased},
		{"HeapObjects", m.HeapObjects}, {"HeapAlloc", m.HeapAlloc}, {"StackInuse", m.StackInuse}, {"StackSys", m.StackSys},
		{"MSpanSys", m.MSpanSys}, {"MCacheSys", m.MCacheSys}, {"BuckHashSys", m.BuckHashSys}, {"GCSys", m.GCSys}, {"OtherSys", m.OtherSys},
		{"NextGC", m.NextGC}, {"LastGC", m.LastGC}, {"PauseTotalNs", m.PauseTotalNs}, {"NumGC", uint64(m.NumGC)}, {"NumForcedGC", uint64(m.NumForcedGC)},
		{"TotalAlloc", m.TotalAlloc}, {"Mallocs", m.Mallocs}, {"Frees", m.Frees}, {"NumCgoCall", uint64(runtime.NumCgoCall())},
	} {
		fmt.Println(f.name, f.value)
	}
	fmt.Println("GCCPUFraction", m.GCCPUFraction)
	n := int(m.NumGC)
	if n > 256 {
		n = 256
	}
	for i := int(m.NumGC) - n; i < int(m.NumGC); i++ {
		fmt.Println("pause", m.PauseNs[i%256])
	}
	fmt.Println("end")
}

// histograms prints cumulative figures that MemStats lacks: a line per bucket that is not empty, lower bound in ns.
func histograms() {
	samples := []metrics.Sample{
		{Name: "/sched/latencies:seconds"}, {Name: "/sched/pauses/total/gc:seconds"}, {Name: "/sched/pauses/total/other:seconds"},
		{Name: "/cpu/classes/gc/total:cpu-seconds"}, {Name: "/cpu/classes/gc/mark/assist:cpu-seconds"},
	}
	metrics.Read(samples)
	for _, s := range samples {
		switch s.Value.Kind() {
		case metrics.KindFloat64:
			fmt.Printf("value\t%s\t%d\n", s.Name, int64(s.Value.Float64()*1e9))
		case metrics.KindFloat64Histogram:
			h := s.Value.Float64Histogram()
			fmt.Printf("histogram\t%s\n", s.Name)
			for i, n := range h.Counts {
				if n > 0 {
					fmt.Printf("bucket\t%s\t%.0f\t%d\n", s.Name, h.Buckets[i]*1e9, n)
				}
			}
		}
	}
	fmt.Println("end")
}

func main() {
	n := flag.Int("n", 10, "goroutines of the crowd")
	limit := flag.Int64("memlimit", 0, "GOMEMLIMIT in bytes")
	percent := flag.Int("gogc", 100, "GOGC")
	churners := flag.Int("churn", 0, "goroutines that make and end goroutines all the time")
	flag.Parse()
	debug.SetGCPercent(*percent)
	if *limit > 0 {
		debug.SetMemoryLimit(*limit)
	}
	c := &crowd{never: make(chan struct{}), none: make(chan int)}
	c.cond = sync.NewCond(&sync.Mutex{})
	c.mu.Lock()
	c.wg.Add(1)
	go c.locked()
	kinds := []func(){c.receive, c.send, c.sel, c.wait, c.sleep, c.condition, c.outer}
	// Goroutines that block on one mutex queue up in a tree; thousands of them would only measure that.
	for i := 0; i < *n && i < 3; i++ {
		go c.lock()
	}
	for i := 3; i < *n; i++ {
		if k := i % 10; k < len(kinds) {
			go kinds[k]()
		} else {
			go c.deep(i % 30)
		}
	}
	for i := 0; i < *churners; i++ {
		go churn(c.never)
	}
	// All have parked once none has become runnable for a while; a collection then sets their wait times.
	time.Sleep(100*time.Millisecond + time.Duration(*n)*time.Microsecond*5)
	for i := 0; i < 3; i++ {
		runtime.GC()
	}
	fmt.Println("ready", os.Getpid())
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		switch in.Text() {
		case "census":
			census()
		case "memstats":
			memstats()
		case "histograms":
			histograms()
		case "gc":
			runtime.GC()
			fmt.Println("end")
		case "quit":
			return
		}
	}
	runtime.KeepAlive(c)
}
