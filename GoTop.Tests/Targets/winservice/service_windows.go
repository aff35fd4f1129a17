package main

import (
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

// The service manager's protocol (winsvc.h), which is small: golang.org/x/sys/windows/svc does the same, and is no part of
// the toolchain.
const (
	ownProcess = 0x10

	stopped      = 1
	startPending = 2
	stopPending  = 3
	running      = 4
	paused       = 7

	controlStop        = 1
	controlPause       = 2
	controlContinue    = 3
	controlInterrogate = 4

	acceptStop          = 1
	acceptPauseContinue = 2
)

type serviceStatus struct {
	serviceType, state, accepted, exitCode, ownExitCode, checkPoint, waitHint uint32
}

type tableEntry struct {
	name *uint16
	main uintptr
}

var (
	advapi          = syscall.NewLazyDLL("advapi32.dll")
	startDispatcher = advapi.NewProc("StartServiceCtrlDispatcherW")
	registerHandler = advapi.NewProc("RegisterServiceCtrlHandlerExW")
	setStatus       = advapi.NewProc("SetServiceStatus")
)

// runService answers the service manager until it says stop. work is done meanwhile.
func runService(name string, work func()) {
	service, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	end := make(chan struct{})
	var handle uintptr
	tell := func(state, accepted uint32) {
		status := serviceStatus{serviceType: ownProcess, state: state, accepted: accepted}
		setStatus.Call(handle, uintptr(unsafe.Pointer(&status)))
	}
	const accepted = acceptStop | acceptPauseContinue
	state := uint32(running)
	handler := syscall.NewCallback(func(control, event, data, context uintptr) uintptr {
		switch control {
		case controlStop:
			state = stopPending
			tell(state, 0)
			close(end)
		case controlPause:
			state = paused
			tell(state, accepted)
		case controlContinue:
			state = running
			tell(state, accepted)
		case controlInterrogate:
			tell(state, accepted)
		default:
			return 120 // ERROR_CALL_NOT_IMPLEMENTED
		}
		return 0
	})
	main := syscall.NewCallback(func(count, arguments uintptr) uintptr {
		handle, _, _ = registerHandler.Call(uintptr(unsafe.Pointer(service)), handler, 0)
		tell(startPending, 0)
		work()
		tell(running, accepted)
		<-end
		tell(stopped, 0)
		return 0
	})
	table := [2]tableEntry{{service, main}}
	if done, _, err := startDispatcher.Call(uintptr(unsafe.Pointer(&table[0]))); done == 0 {
		fmt.Fprintln(os.Stderr, "StartServiceCtrlDispatcher:", err)
		os.Exit(1)
	}
}
