package tcp

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const ok = "HTTP/1.1 200 OK\r\n"

// answerCases are single answers; whole is false where only the close of the connection ends them.
var answerCases = map[string]struct {
	request, answer string
	whole           bool
}{
	"length":                  {"POST", ok + "content-length: 5\r\n\r\nhello", true},
	"length, other spelling":  {"POST", ok + "CONTENT-LENGTH:5  \r\nX: y\r\n\r\nhello", true},
	"length, equal ones":      {"POST", ok + "Content-Length: 5, 5\r\n\r\nhello", true},
	"length, a marker inside": {"POST", ok + "Content-Length: 12\r\n\r\na\r\n0\r\n\r\nfoot", true},
	"no bytes":                {"POST", ok + "Content-Length: 0\r\n\r\n", true},
	"chunks":                  {"POST", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", true},
	"chunks, a marker inside": {"POST", ok + "Transfer-Encoding: chunked\r\n\r\n9\r\n\r\n0\r\n\r\nab\r\n1\r\nx\r\n0\r\n\r\n", true},
	"chunks with extensions":  {"POST", ok + "Transfer-Encoding: Chunked\r\n\r\nA ;a=b\r\n0123456789\r\n0;x\r\n\r\n", true},
	"trailers":                {"POST", ok + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nA: 1\r\nB: 2\r\n\r\n", true},
	"chunks over length":      {"POST", ok + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", true},
	"204":                     {"POST", "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n", true},
	"304":                     {"POST", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", true},
	"to a HEAD":               {"HEAD", ok + "Content-Length: 900\r\n\r\n", true},
	"after 100 and 103":       {"POST", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nok", true},
	"an error":                {"POST", "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 4\r\n\r\nslow", true},
	"bare line feeds":         {"POST", "HTTP/1.0 200 OK\nContent-Length: 2\n\nok", true},
	"no reason":               {"POST", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", true},
	"by the close":            {"POST", ok + "\r\nhello", false},
	"HTTP/1.0 by the close":   {"POST", "HTTP/1.0 200 OK\r\n\r\nhello", false},
	"not whole":               {"POST", ok + "Content-Length: 6\r\n\r\nhello", false},
	"chunks, not whole":       {"POST", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", false},
	"a head, not whole":       {"POST", ok + "Content-Length: 0\r\n", false},
}

func TestTheEndOfAnAnswerIsKnownHoweverItIsFramedAndCut(t *testing.T) {
	for name, tc := range answerCases {
		t.Run(name, func(t *testing.T) {
			for size := 1; size <= len(tc.answer); size++ {
				var a answers
				a.asked([]byte(tc.request + " / HTTP/1.1\r\n\r\n"))
				for at := 0; at < len(tc.answer); at += size {
					to := min(at+size, len(tc.answer))
					whole := to == len(tc.answer) && tc.whole
					assert.Equal(t, whole, a.ended([]byte(tc.answer[at:to])), "%d bytes from %d", size, at)
				}
			}
		})
	}
}

func TestAnswersFollowEachOther(t *testing.T) {
	var a answers
	for range 2 {
		for name, tc := range answerCases {
			if !tc.whole {
				continue
			}
			a.asked([]byte(tc.request + " / HTTP/1.1\r\n\r\n"))
			assert.True(t, a.ended([]byte(tc.answer)), name)
		}
	}
	one := answerCases["length"].answer
	assert.True(t, a.ended([]byte(one+one[:20])), "an end with more behind it")
	assert.True(t, a.ended([]byte(one[20:])))
}

func TestWhatCannotBeFollowedIsNotHeldBack(t *testing.T) {
	for name, answer := range map[string]string{
		"no HTTP":           "SSH-2.0-OpenSSH_9.6\r\n",
		"HTTP/2":            "HTTP/2 200\r\n",
		"a bad status":      "HTTP/1.1 2xx OK\r\n",
		"another protocol":  "HTTP/1.1 101 Switching Protocols\r\n",
		"a bad chunk":       ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
		"a negative chunk":  ok + "Transfer-Encoding: chunked\r\n\r\n-5\r\n",
		"a bad length":      ok + "Content-Length: five\r\n",
		"an endless line":   ok + "X: " + strings.Repeat("x", maxLine+1),
		"an endless status": strings.Repeat("x", maxLine+1),
	} {
		t.Run(name, func(t *testing.T) {
			var a answers
			assert.True(t, a.ended([]byte(answer)))
			assert.True(t, a.ended([]byte("x")), "nor is what follows")
			assert.LessOrEqual(t, cap(a.line), 2*maxLine)
		})
	}
}

func TestFollowingATokenAllocatesNothing(t *testing.T) {
	var a answers
	a.ended([]byte(ok + "Transfer-Encoding: chunked\r\n\r\n"))
	event := []byte("aa\r\n" + strings.Repeat("x", 0xaa) + "\r\n")
	assert.Zero(t, testing.AllocsPerRun(100, func() { a.ended(event) }))
}

func BenchmarkFollowingAToken(b *testing.B) {
	var a answers
	a.ended([]byte(ok + "Transfer-Encoding: chunked\r\n\r\n"))
	event := []byte("aa\r\n" + strings.Repeat("x", 0xaa) + "\r\n")
	for b.Loop() {
		a.ended(event)
	}
}

// FuzzAnswers holds the end against net/http's: where that reads a whole answer, ours ends at its last byte.
func FuzzAnswers(f *testing.F) {
	for _, tc := range answerCases {
		f.Add([]byte(tc.answer), uint8(3))
	}
	f.Fuzz(func(t *testing.T, answer []byte, size uint8) {
		end := endByNetHTTP(answer)
		if end < 0 {
			return
		}
		var a answers
		step := int(size) + 1
		for at := 0; at < end; at += step {
			to := min(at+step, end)
			if a.ended(answer[at:to]) != (to == end) && a.part != notFollowed {
				t.Fatalf("net/http ends at %d, we at %d", end, to)
			}
		}
	})
}

// endByNetHTTP is the offset behind the answer proper; -1 where net/http finds none or needs the close.
func endByNetHTTP(answer []byte) int {
	source := bytes.NewReader(answer)
	reader := bufio.NewReader(source)
	for {
		response, err := http.ReadResponse(reader, nil)
		if err != nil || response.Close {
			return -1
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			return -1
		}
		if response.StatusCode >= 200 {
			return len(answer) - source.Len() - reader.Buffered()
		}
		if response.StatusCode == http.StatusSwitchingProtocols {
			return -1
		}
	}
}
