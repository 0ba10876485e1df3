//go:build !unix

package main

import (
	"fmt"
	"os"
)

// cpuSeconds has no value on this system: a baseline of 0 would be wrong.
func cpuSeconds() float64 {
	fmt.Fprintln(os.Stderr, "bareclient: CPU time is read by getrusage, which this system lacks")
	os.Exit(1)
	return 0
}
