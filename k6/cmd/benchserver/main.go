//go:build unix

// Command benchserver is the server of `npm run bench:client`: it streams chat completions at an exact pace,
// each answer on a clock of its own, so that tokens of different streams do not arrive in one burst, and
// keeps a record of when it wrote each of them. It prints its base URL on standard output.
package main

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

// options say what is answered.
type options struct {
	ttft   time.Duration // request read to first token, at least; up to a pause more, so that streams differ
	pause  time.Duration // between two tokens
	tokens int           // mean length of an answer
	spread float64       // lengths are spread evenly over tokens * (1 +- spread)
	text   string        // of each token
}

func main() {
	asked := options{}
	flag.DurationVar(&asked.ttft, "ttft", 100*time.Millisecond, "time to the first token")
	flag.DurationVar(&asked.pause, "pause", 10*time.Millisecond, "time between two tokens")
	flag.IntVar(&asked.tokens, "tokens", 128, "mean tokens per answer")
	flag.Float64Var(&asked.spread, "spread", 0.25, "spread of the lengths, as a share of the mean")
	flag.StringVar(&asked.text, "text", " token", "text of each token")
	flag.Parse()
	if err := asked.check(); err != nil {
		fmt.Fprintln(os.Stderr, "benchserver:", err)
		os.Exit(2)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchserver:", err)
		os.Exit(1)
	}
	fmt.Printf("http://%s/v1\n", listener.Addr())
	server := http.Server{Handler: newServer(asked).routes(), ReadHeaderTimeout: time.Minute}
	fmt.Fprintln(os.Stderr, "benchserver:", server.Serve(listener))
	os.Exit(1)
}

func (o options) check() error {
	switch {
	case o.ttft < 0 || o.pause <= 0:
		return errors.New("-ttft must not be negative, and -pause has to be longer than 0")
	case o.tokens < 2:
		return fmt.Errorf("-tokens is %d, accepted: 2 or more", o.tokens)
	case o.spread < 0 || o.spread >= 1:
		return fmt.Errorf("-spread is %v, accepted: 0 up to less than 1", o.spread)
	case o.text == "":
		return errors.New("-text is empty")
	}
	return nil
}
