// Command waits parks known numbers of goroutines on known channels, locks and conditions, under known profiler labels,
// and says when asked on its standard input which they are. What GoTop reads from its memory is compared with that.
//
//	truth | quit
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"time"
	"unsafe"
)

type order struct{ id, lines int }

type place struct {
	pad     [3]uint64 // so that what follows does not lie at an object's start
	receive chan struct{}
	send    chan order
	left    chan string
	right   chan string
	mu      sync.Mutex
	rw      sync.RWMutex
	wg      sync.WaitGroup
	cond    *sync.Cond
	closed  chan int
	nothing chan int
}

//go:noinline
func (p *place) receiving() { <-p.receive }

//go:noinline
func (p *place) sending() { p.send <- order{1, 2} }

//go:noinline
func (p *place) selecting() {
	select {
	case <-p.left:
	case p.right <- "x":
	}
}

//go:noinline
func (p *place) locking() { p.mu.Lock() }

//go:noinline
func (p *place) reading() { p.rw.RLock() }

//go:noinline
func (p *place) writing() { p.rw.Lock() }

//go:noinline
func (p *place) waiting() { p.wg.Wait() }

//go:noinline
func (p *place) condition() {
	p.cond.L.Lock()
	p.cond.Wait()
	p.cond.L.Unlock()
}

//go:noinline
func (p *place) receivingNothing() { <-p.nothing }

//go:noinline
func (p *place) sleeping() { time.Sleep(1000 * time.Hour) }

// Many locks with few waiters each: what they hash to, and the tree below each hash.
func lockOne(mu *sync.Mutex) { mu.Lock() }

// Each of these only ever waits on its own thing, however fast it moves.
var muA, muB sync.Mutex
var chA, chB = make(chan int), make(chan int)
var condA = sync.NewCond(&sync.Mutex{})

//go:noinline
func churnMuA() {
	for {
		muA.Lock()
		runtime.Gosched()
		muA.Unlock()
	}
}

//go:noinline
func churnMuB() {
	for {
		muB.Lock()
		runtime.Gosched()
		muB.Unlock()
	}
}

//go:noinline
func churnSendA() {
	for {
		chA <- 1
	}
}

//go:noinline
func churnReceiveA() {
	for {
		<-chA
	}
}

//go:noinline
func churnSendB() {
	for {
		chB <- 1
	}
}

//go:noinline
func churnReceiveB() {
	for {
		<-chB
	}
}

//go:noinline
func churnCondA() {
	for {
		condA.L.Lock()
		condA.Wait()
		condA.L.Unlock()
	}
}

//go:noinline
func churnSignalA() {
	for {
		condA.Signal()
		runtime.Gosched()
	}
}

var truth []string

func object(kind string, address unsafe.Pointer, count int, start string) {
	truth = append(truth, fmt.Sprintf("object\t%s\t%d\t%d\t%s", kind, uintptr(address), count, start))
}

func address(c interface{}) unsafe.Pointer {
	// A channel in an interface is the pointer to its hchan.
	return (*[2]unsafe.Pointer)(unsafe.Pointer(&c))[1]
}

func start(count int, f func()) {
	for i := 0; i < count; i++ {
		go f()
	}
}

// Locks that are asked for later must find the others waiting already.
func settle() { time.Sleep(60 * time.Millisecond) }

func labelled(count int, f func(), pairs ...string) {
	pprof.Do(context.Background(), pprof.Labels(pairs...), func(context.Context) { start(count, f) })
	var texts []string
	for i := 0; i < len(pairs); i += 2 {
		texts = append(texts, fmt.Sprintf("%q=%q", pairs[i], pairs[i+1]))
	}
	truth = append(truth, fmt.Sprintf("labels\t%d\t%s", count, strings.Join(texts, "\t")))
}

func main() {
	crowd := flag.Int("crowd", 0, "so many more that wait on one mutex, and as many with a label set of their own")
	condition := flag.Int("conditions", 0, "so many more on the condition")
	churn := flag.Bool("churn", false, "goroutines that wait and go on all the time")
	flag.Parse()
	p := &place{
		receive: make(chan struct{}), send: make(chan order, 4), left: make(chan string), right: make(chan string, 0),
		cond: sync.NewCond(&sync.Mutex{}),
	}
	for i := 0; i < 4; i++ {
		p.send <- order{i, i}
	}
	p.mu.Lock()
	p.rw.RLock()
	p.wg.Add(3)

	start(7, p.receiving)
	object("chan", address(p.receive), 7, "main.(*place).receiving")
	start(5, p.sending)
	object("chan", address(p.send), 5, "main.(*place).sending")
	start(3, p.selecting)
	object("chan", address(p.left), 3, "main.(*place).selecting")
	object("chan", address(p.right), 3, "main.(*place).selecting")
	start(6+*crowd, p.locking)
	object("mutex", unsafe.Pointer(&p.mu), 6+*crowd, "main.(*place).locking")
	start(1, p.writing)
	settle()
	start(2, p.writing)
	start(4, p.reading)
	object("rwmutex", unsafe.Pointer(&p.rw), 3, "main.(*place).writing")
	object("rwmutex", unsafe.Pointer(&p.rw), 4, "main.(*place).reading")
	start(8, p.waiting)
	object("waitgroup", unsafe.Pointer(&p.wg), 8, "main.(*place).waiting")
	start(9+*condition, p.condition)
	object("cond", unsafe.Pointer(p.cond), 9+*condition, "main.(*place).condition")
	start(2, p.receivingNothing)
	start(2, p.sleeping)
	locks := make([]sync.Mutex, 400)
	for i := range locks {
		mu := &locks[i]
		mu.Lock()
		for n := 0; n < 1+i%3; n++ {
			go lockOne(mu)
		}
		object("mutex", unsafe.Pointer(mu), 1+i%3, "main.lockOne")
	}

	labelled(10, p.receiving2(), "tenant", "acme", "path", "/orders")
	var many []string
	for i := 0; i < 20; i++ {
		many = append(many, fmt.Sprintf("key%02d", i), fmt.Sprintf("value %d", i))
	}
	labelled(3, p.receiving2(), many...)
	labelled(2, p.receiving2(), "hostile", "\x1b[31mred\x07 and\nmore", "long", strings.Repeat("0123456789", 500))
	labelled(1, p.receiving2(), "empty", "")
	for i := 0; i < *crowd; i++ {
		pprof.Do(context.Background(), pprof.Labels("request", fmt.Sprint(i)), func(context.Context) { go p.receiving2()() })
	}
	if *crowd > 0 {
		truth = append(truth, fmt.Sprintf("requests\t%d", *crowd))
	}
	if *churn {
		object("mutex", unsafe.Pointer(&muA), -1, "main.churnMuA")
		object("mutex", unsafe.Pointer(&muB), -1, "main.churnMuB")
		object("chan", address(chA), -1, "main.churnSendA")
		object("chan", address(chA), -1, "main.churnReceiveA")
		object("chan", address(chB), -1, "main.churnSendB")
		object("chan", address(chB), -1, "main.churnReceiveB")
		object("cond", unsafe.Pointer(condA), -1, "main.churnCondA")
		object("mutex", unsafe.Pointer(condA.L.(*sync.Mutex)), -1, "main.churnCondA")
		for i := 0; i < 5; i++ {
			go churnMuA()
			go churnMuB()
			go churnSendA()
			go churnReceiveA()
			go churnSendB()
			go churnReceiveB()
			go churnCondA()
		}
		go churnSignalA()
	}
	time.Sleep(200*time.Millisecond + time.Duration(*crowd)*10*time.Microsecond)
	runtime.GC()
	fmt.Println("ready", os.Getpid())
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		switch in.Text() {
		case "truth":
			for _, line := range truth {
				fmt.Println(line)
			}
			fmt.Println("end")
		case "quit":
			return
		}
	}
	runtime.KeepAlive(p)
	runtime.KeepAlive(locks)
}

// receiving2 gives a function of another name than receiving has, for those with labels.
//
//go:noinline
func (p *place) receiving2() func() {
	other := make(chan struct{})
	return func() { <-other }
}
