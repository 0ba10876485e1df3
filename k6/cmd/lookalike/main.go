// Command lookalike is k6 with a k6/x/tcp that does what the official one does, its faults included, for
// the end-to-end tests.
package main

import (
	"go.k6.io/k6/v2/cmd"

	_ "k6-inference/k6/internal/lookalike"
)

func main() { cmd.Execute() }
