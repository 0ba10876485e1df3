package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	role  = `data: {"choices":[{"delta":{"role":"assistant","content":""}}]}` + "\n\n"
	token = `data: {"choices":[{"delta":{"content":"x"}}]}` + "\n\n"
	usage = `data: {"choices":[],"usage":{"completion_tokens":3}}` + "\n\n"
	done  = "data: [DONE]\n\n"
)

func TestStreams(t *testing.T) {
	for name, tc := range map[string]struct {
		status int
		body   string
		err    string
	}{
		"whole":           {200, ": ping\n\n" + role + token + token + token + usage + done, ""},
		"error status":    {503, "busy", "HTTP status 503"},
		"truncated":       {200, role + token, "stream ended without [DONE]"},
		"error event":     {200, token + `data: {"error":{"message":"out of memory"}}` + "\n\n" + done, "out of memory"},
		"no content":      {200, role + done, "answer without content"},
		"broken JSON":     {200, "data: {\n\n" + done, "event is no JSON"},
		"no event at all": {200, "", "stream ended without [DONE]"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if r.URL.Path != "/v1/chat/completions" || !strings.Contains(string(body), `"max_tokens":7`) {
					w.WriteHeader(http.StatusNotFound)
					return
				}
				w.WriteHeader(tc.status)
				_, _ = fmt.Fprint(w, tc.body)
			}))
			defer server.Close()
			result := run(newClient(server.URL+"/v1/", "m", 7, 2, time.Minute), 2, 5)
			if tc.err != "" {
				assert.Equal(t, 5, result.Failed)
				require.NotEmpty(t, result.Errors)
				assert.Contains(t, result.Errors[0], tc.err)
				assert.Empty(t, result.TTFT)
				return
			}
			assert.Equal(t, []string{}, result.Errors)
			assert.Equal(t, 5, result.Completed)
			assert.Equal(t, 15, result.Tokens)
			assert.Len(t, result.TTFT, 5)
			assert.Len(t, result.TPOT, 5)
			assert.Greater(t, result.CPU, 0.0)
		})
	}
}

func TestBadFlags(t *testing.T) {
	require.ErrorContains(t, check("", 1, 1, 1), "-url")
	require.ErrorContains(t, check("x", 0, 1, 1), "-streams is 0")
	require.ErrorContains(t, check("x", 1, 0, 1), "-requests is 0")
	require.ErrorContains(t, check("x", 1, 1, 0), "-max-tokens is 0")
	require.NoError(t, check("x", 1, 1, 1))
}
