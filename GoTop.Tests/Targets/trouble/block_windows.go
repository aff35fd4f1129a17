package main

import "syscall"

var sleep = syscall.NewLazyDLL("kernel32.dll").NewProc("Sleep")

// blockThread keeps the calling thread in a system call for that many milliseconds.
//
//go:noinline
func blockThread(milliseconds int64) { sleep.Call(uintptr(milliseconds)) }
