// Logwriter writes numbered log lines to a file at a steady rate and rotates the file, as a service and its rotation do:
//
//	logwriter FILE LINES_PER_SECOND SECONDS ROTATIONS rename|copytruncate
//
// Rename: the file is renamed to FILE.1, FILE.2 … and a new one opened. Copytruncate: while writing goes on, the file is copied
// to FILE.1 … and then truncated, as logrotate does it. It prints how many lines it wrote, and how many of them nobody can read:
// those written after the end of the copy and before the truncation.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"time"
)

const batch = 10 * time.Millisecond

func main() {
	path, kind := os.Args[1], os.Args[5]
	rate, _ := strconv.Atoi(os.Args[2])
	seconds, _ := strconv.Atoi(os.Args[3])
	rotations, _ := strconv.Atoi(os.Args[4])
	file := open(path)
	var rotating sync.WaitGroup
	begun := time.Now()
	written, rotated := 0, 0
	var line bytes.Buffer
	for written < rate*seconds {
		due := int(time.Since(begun).Seconds() * float64(rate))
		line.Reset()
		for ; written < due && written < rate*seconds; written++ {
			level := "INFO"
			if written%100 == 0 {
				level = "ERROR"
			}
			fmt.Fprintf(&line, `{"time":"%s","level":"%s","msg":"request served","id":%d,"path":"/orders/%d","status":200,"tookMs":%d}`+"\n",
				time.Now().UTC().Format(time.RFC3339Nano), level, written, written%1000, written%37)
		}
		if _, err := file.Write(line.Bytes()); err != nil {
			panic(err)
		}
		if rotated < rotations && time.Since(begun) > time.Duration(seconds)*time.Second*time.Duration(rotated+1)/time.Duration(rotations+1) {
			rotated++
			aside := fmt.Sprintf("%s.%d", path, rotated)
			if kind == "rename" {
				check(os.Rename(path, aside))
				file.Close()
				file = open(path)
			} else {
				rotating.Add(1)
				go func() {
					defer rotating.Done()
					copyTruncate(path, aside)
				}()
			}
		}
		time.Sleep(batch)
	}
	rotating.Wait()
	file.Close()
	fmt.Printf("written %d\n", written)
	fmt.Printf("unreadable %d\n", unreadable)
}

var unreadable int

func copyTruncate(path, aside string) {
	from, err := os.Open(path)
	check(err)
	defer from.Close()
	to, err := os.Create(aside)
	check(err)
	copied, err := io.Copy(to, from)
	check(err)
	check(to.Close())
	check(os.Truncate(path, 0))
	// What was appended in between can still be counted by its place in the open file no more: the writer's own count says how
	// much it is, by the first number in the new file and the last in the copy.
	last := lastNumber(aside, copied)
	for {
		if first, ok := firstNumber(path); ok {
			unreadable += first - last - 1
			return
		}
		time.Sleep(batch)
	}
}

func lastNumber(path string, size int64) int {
	f, err := os.Open(path)
	check(err)
	defer f.Close()
	tail := make([]byte, min(size, 4096))
	_, err = f.ReadAt(tail, size-int64(len(tail)))
	check(err)
	// A last line that was cut by the copy counts as unreadable.
	end := bytes.LastIndexByte(tail, '\n')
	begin := bytes.LastIndexByte(tail[:end], '\n') + 1
	return number(tail[begin:end])
}

func firstNumber(path string) (int, bool) {
	f, err := os.Open(path)
	check(err)
	defer f.Close()
	head := make([]byte, 4096)
	n, _ := f.Read(head)
	end := bytes.IndexByte(head[:n], '\n')
	if end < 0 {
		return 0, false
	}
	return number(head[:end]), true
}

func number(line []byte) int {
	at := bytes.Index(line, []byte(`"id":`))
	if at < 0 {
		panic("no number in " + string(line))
	}
	rest := line[at+5:]
	n, err := strconv.Atoi(string(rest[:bytes.IndexByte(rest, ',')]))
	check(err)
	return n
}

func open(path string) *os.File {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	check(err)
	return file
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
