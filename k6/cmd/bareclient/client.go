package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

const maxEventBytes = 1 << 20

type client struct {
	http    http.Client
	url     string
	apiKey  string
	payload []byte
}

type answer struct {
	sent, first, last time.Time
	tokens            int
}

// event is what a plain client reads of a chat completion chunk.
type event struct {
	Choices []struct {
		Delta struct {
			Content string `json:"content"`
		} `json:"delta"`
		FinishReason *string `json:"finish_reason"`
	} `json:"choices"`
	Usage *struct {
		CompletionTokens int `json:"completion_tokens"`
	} `json:"usage"`
	Error json.RawMessage `json:"error"`
}

func newClient(url, model string, maxTokens, streams int, timeout time.Duration) *client {
	payload, err := json.Marshal(map[string]any{
		"model": model, "max_tokens": maxTokens, "stream": true,
		"messages":       []map[string]string{{"role": "user", "content": "Count as far as you can."}},
		"stream_options": map[string]bool{"include_usage": true},
	})
	if err != nil {
		panic(err) // strings, numbers and booleans only
	}
	return &client{
		http: http.Client{
			Timeout: timeout,
			Transport: &http.Transport{
				MaxIdleConnsPerHost: streams, MaxIdleConns: streams, DisableCompression: true,
			},
		},
		url:     strings.TrimRight(url, "/") + "/chat/completions",
		apiKey:  os.Getenv("API_KEY"),
		payload: payload,
	}
}

func (c *client) stream() (answer, error) {
	got := answer{}
	var sent atomic.Pointer[time.Time] // written by the transport's own goroutine
	trace := &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) {
		now := time.Now()
		sent.Store(&now)
	}}
	request, err := http.NewRequest(http.MethodPost, c.url, bytes.NewReader(c.payload))
	if err != nil {
		return got, err
	}
	request = request.WithContext(httptrace.WithClientTrace(request.Context(), trace))
	request.Header.Set("Content-Type", "application/json")
	if c.apiKey != "" {
		request.Header.Set("Authorization", "Bearer "+c.apiKey)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return got, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return got, fmt.Errorf("HTTP status %s", response.Status)
	}
	if err := got.read(response.Body); err != nil {
		return got, err
	}
	at := sent.Load()
	if at == nil {
		return got, errors.New("answered before the request was written")
	}
	got.sent = *at
	return got, nil
}

// read follows the stream to its end, one JSON object per `data:` line.
func (a *answer) read(body io.Reader) error {
	lines := bufio.NewScanner(body)
	lines.Buffer(make([]byte, 0, 4096), maxEventBytes)
	done := false
	for lines.Scan() {
		data, isData := bytes.CutPrefix(lines.Bytes(), []byte("data:"))
		data = bytes.TrimSpace(data)
		if !isData || done {
			continue
		}
		if done = bytes.Equal(data, []byte("[DONE]")); done {
			continue
		}
		at := time.Now()
		chunk := event{}
		if err := json.Unmarshal(data, &chunk); err != nil {
			return fmt.Errorf("event is no JSON: %w", err)
		}
		if len(chunk.Error) > 0 {
			return fmt.Errorf("error in the stream: %.200s", chunk.Error)
		}
		if len(chunk.Choices) > 0 && chunk.Choices[0].Delta.Content != "" {
			if a.tokens == 0 {
				a.first = at
			}
			a.last = at
			a.tokens++
		}
	}
	switch {
	case lines.Err() != nil:
		return lines.Err()
	case !done:
		return errors.New("stream ended without [DONE]")
	case a.tokens == 0:
		return errors.New("answer without content")
	}
	return nil
}
