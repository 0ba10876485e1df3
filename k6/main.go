// Command k6 is Grafana k6 with the k6/x/tcp module of this repository compiled in.
package main

import (
	"os"

	"go.k6.io/k6/v2/cmd"

	_ "k6-inference/k6/tcp"
)

func main() {
	tuneCollector(os.Getenv)
	cmd.Execute()
}
