package main

import "unsafe"

//go:noinline
func fault() int { return *(*int)(unsafe.Pointer(uintptr(0xdead0000))) }
