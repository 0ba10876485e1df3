//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// record is what the server knows of one answer; times in ms since 1970.
type record struct {
	ID       string    `json:"id"` // x-request-id
	Received float64   `json:"receivedMs"`
	First    float64   `json:"firstTokenMs"`
	Last     float64   `json:"lastTokenMs"`
	Written  []float64 `json:"tokenWrittenMs"` // when each token was handed to the connection
}

type server struct {
	options
	requests atomic.Int64
	chunk    []byte // the event of one token

	mu      sync.Mutex
	records []record
}

func newServer(asked options) *server {
	text, _ := json.Marshal(asked.text) // a string
	event := event(fmt.Sprintf(`[{"index":0,"delta":{"content":%s},"logprobs":null,"finish_reason":null}]`, text))
	return &server{options: asked, chunk: []byte(event)}
}

// event writes a chat completion chunk as vLLM does.
func event(choices string) string {
	return `data: {"id":"chatcmpl-0123456789abcdef","object":"chat.completion.chunk","created":1700000000,` +
		`"model":"sim-model","choices":` + choices + "}\n\n"
}

func (s *server) routes() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /v1/models", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"object":"list","data":[{"id":"sim-model","object":"model"}]}`)
	})
	routes.HandleFunc("POST /v1/chat/completions", s.complete)
	routes.HandleFunc("GET /bench/records", s.tell)
	routes.HandleFunc("POST /bench/reset", func(http.ResponseWriter, *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.records = nil
	})
	routes.HandleFunc("GET /bench/stats", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]float64{"cpuMs": cpuMs()})
	})
	return routes
}

// complete streams one answer, or as much of it as the client takes.
func (s *server) complete(w http.ResponseWriter, r *http.Request) {
	received := time.Now()
	asked := struct {
		MaxTokens int `json:"max_tokens"`
	}{}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	tokens := int(float64(s.tokens) * (1 + s.spread*(2*rand.Float64()-1)))
	if asked.MaxTokens > 0 {
		tokens = min(tokens, asked.MaxTokens)
	}
	id := strconv.FormatInt(s.requests.Add(1), 10)
	w.Header().Set("content-type", "text/event-stream; charset=utf-8")
	w.Header().Set("x-request-id", id)
	out := http.NewResponseController(w)
	write := func(event []byte) bool {
		if _, err := w.Write(event); err != nil {
			return false
		}
		return out.Flush() == nil
	}
	write([]byte(event(`[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]`)))
	written := make([]float64, 0, tokens)
	due := received.Add(s.ttft + time.Duration(rand.Int64N(int64(s.pause))))
	for range tokens {
		time.Sleep(time.Until(due))
		at := time.Now()
		if !write(s.chunk) {
			return
		}
		written = append(written, milliseconds(at))
		due = due.Add(s.pause)
	}
	usage := fmt.Sprintf(`"usage":{"prompt_tokens":100,"completion_tokens":%d,"total_tokens":%d}`, tokens, 100+tokens)
	write([]byte(event(`[{"index":0,"delta":{},"finish_reason":"stop"}]`) +
		event(`[],`+usage) + "data: [DONE]\n\n"))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.records = append(s.records, record{id, milliseconds(received), written[0], written[tokens-1], written})
}

// tell writes the records of all answers that were written to their end, one line each.
func (s *server) tell(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := json.NewEncoder(w)
	for _, record := range s.records {
		if lines.Encode(record) != nil {
			return
		}
	}
}

func milliseconds(t time.Time) float64 { return float64(t.UnixNano()) / 1e6 }

// cpuMs is what this process used so far, user and system.
func cpuMs() float64 {
	usage := syscall.Rusage{}
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err) // RUSAGE_SELF always exists
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e6
}
