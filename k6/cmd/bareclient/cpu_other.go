//go:build !unix

package main

import (
	"fmt"
	"os"
)

// cpuSeconds has no value here: a floor of 0 would be a lie.
func cpuSeconds() float64 {
	fmt.Fprintln(os.Stderr, "bareclient: CPU time is read by getrusage, which this system lacks")
	os.Exit(1)
	return 0
}
