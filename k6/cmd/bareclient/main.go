// Command bareclient is the baseline of `npm run bench:client`: the least that a Go program must
// do to read streamed chat completions, with only net/http and encoding/json.
// It prints one line of JSON on standard output.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// report is what is printed. Latencies in milliseconds, one entry per completed request.
type report struct {
	Streams   int       `json:"streams"`
	Completed int       `json:"completed"`
	Failed    int       `json:"failed"`
	Errors    []string  `json:"errors"`
	Tokens    int       `json:"tokens"`     // content events of completed requests
	CPU       float64   `json:"cpuSeconds"` // user and system, of this process, from start to end
	Seconds   float64   `json:"seconds"`
	TTFT      []float64 `json:"ttftMs"` // request written to first content event
	TPOT      []float64 `json:"tpotMs"` // (last content event - first) / (content events - 1)
	E2E       []float64 `json:"e2eMs"`  // request written to last content event
}

const errorsShown = 5

func main() {
	url := flag.String("url", "", "base URL, with /v1")
	model := flag.String("model", "bench", "model named in the requests")
	streams := flag.Int("streams", 1, "requests in flight")
	requests := flag.Int("requests", 1, "requests in all")
	maxTokens := flag.Int("max-tokens", 100, "max_tokens of each request")
	timeout := flag.Duration("timeout", 2*time.Minute, "longest a request may take")
	flag.Parse()
	if err := check(*url, *streams, *requests, *maxTokens); err != nil {
		fmt.Fprintln(os.Stderr, "bareclient:", err)
		os.Exit(2)
	}
	client := newClient(*url, *model, *maxTokens, *streams, *timeout)
	if err := json.NewEncoder(os.Stdout).Encode(run(client, *streams, *requests)); err != nil {
		fmt.Fprintln(os.Stderr, "bareclient:", err)
		os.Exit(1)
	}
}

func check(url string, streams, requests, maxTokens int) error {
	switch {
	case url == "":
		return errors.New("-url is missing, e.g. -url http://localhost:8000/v1")
	case streams < 1:
		return fmt.Errorf("-streams is %d, accepted: 1 or more", streams)
	case requests < 1:
		return fmt.Errorf("-requests is %d, accepted: 1 or more", requests)
	case maxTokens < 1:
		return fmt.Errorf("-max-tokens is %d, accepted: 1 or more", maxTokens)
	}
	return nil
}

func run(client *client, streams, requests int) report {
	result := report{Streams: streams, Errors: []string{}, TTFT: []float64{}, TPOT: []float64{}, E2E: []float64{}}
	begun := time.Now()
	var started atomic.Int64
	var mu sync.Mutex
	var group sync.WaitGroup
	for range streams {
		group.Add(1)
		go func() {
			defer group.Done()
			for started.Add(1) <= int64(requests) {
				answer, err := client.stream()
				mu.Lock()
				result.add(answer, err)
				mu.Unlock()
			}
		}()
	}
	group.Wait()
	result.CPU = cpuSeconds()
	result.Seconds = time.Since(begun).Seconds()
	return result
}

func (r *report) add(answer answer, err error) {
	if err != nil {
		r.Failed++
		if len(r.Errors) < errorsShown {
			r.Errors = append(r.Errors, err.Error())
		}
		return
	}
	r.Completed++
	r.Tokens += answer.tokens
	r.TTFT = append(r.TTFT, milliseconds(answer.first.Sub(answer.sent)))
	r.E2E = append(r.E2E, milliseconds(answer.last.Sub(answer.sent)))
	if answer.tokens > 1 {
		r.TPOT = append(r.TPOT, milliseconds(answer.last.Sub(answer.first))/float64(answer.tokens-1))
	}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
