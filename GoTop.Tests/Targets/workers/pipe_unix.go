//go:build !windows

package main

import "syscall"

// blocking is a pipe whose ends block their threads: past the network poller.
type blocking struct{ ends [2]int }

func pipe() blocking {
	var p blocking
	if err := syscall.Pipe(p.ends[:]); err != nil {
		panic(err)
	}
	return p
}

func (p blocking) read(into []byte)  { syscall.Read(p.ends[0], into) }
func (p blocking) write(from []byte) { syscall.Write(p.ends[1], from) }
