//go:build !windows

package main

import (
	"fmt"
	"os"
)

func runService(name string, work func()) {
	fmt.Fprintln(os.Stderr, "-service is for Windows")
	os.Exit(1)
}
