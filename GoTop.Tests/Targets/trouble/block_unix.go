//go:build !windows

package main

import "syscall"

// blockThread keeps the calling thread in a system call for that many milliseconds.
//
//go:noinline
func blockThread(milliseconds int64) {
	pause := syscall.NsecToTimespec(milliseconds * 1e6)
	syscall.Nanosleep(&pause, nil)
}
