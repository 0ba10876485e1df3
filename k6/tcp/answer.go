package tcp

import (
	"bytes"
	"strconv"
	"strings"
)

// maxLine bounds what is kept of a line that reads cut.
const maxLine = 64 << 10

type answerPart int

const (
	inStatus answerPart = iota
	inFields
	inBody      // left bytes, then the answer ends
	inChunkSize // its line
	inChunk     // left bytes, CRLF included, then the next size
	inTrailers
	toTheClose // the body ends with the connection
	notFollowed
)

// answers follows HTTP/1.1 answers through the reads of a connection and tells where each ends (RFC 9112,
// 6.3), however it is framed: by its length, by chunks with or without trailers, or without a body (HEAD,
// 1xx, 204, 304). It decides when to deliver and judges nothing: the script's decoder does. What cannot be
// followed counts as an end with each read, so that a fault is not held back either.
type answers struct {
	part    answerPart
	line    []byte // the beginning of a line that reads cut
	left    int64
	status  int
	length  int64 // -1: none given
	chunked bool
	toHead  bool // the request was a HEAD
}

// asked looks at what the script writes: the answer to a HEAD has the headers of a body but no body.
func (a *answers) asked(request []byte) {
	if a.part == inStatus {
		a.toHead = bytes.HasPrefix(request, []byte("HEAD "))
	}
}

// ended takes the bytes of one read and reports whether an answer ends in them.
func (a *answers) ended(data []byte) (ended bool) {
	for len(data) > 0 && a.part != toTheClose && a.part != notFollowed {
		if a.part == inBody || a.part == inChunk {
			taken := min(a.left, int64(len(data)))
			data, a.left = data[taken:], a.left-taken
			ended = a.left == 0 && a.bytesOver() || ended
			continue
		}
		end := bytes.IndexByte(data, '\n')
		if end < 0 {
			a.keep(data)
			break
		}
		line := data[:end]
		if len(a.line) > 0 {
			a.keep(line)
			line = a.line
		}
		ended = a.take(bytes.TrimSuffix(line, []byte("\r"))) || ended
		a.line = a.line[:0]
		data = data[end+1:]
	}
	return ended || a.part == notFollowed
}

func (a *answers) keep(piece []byte) {
	a.line = append(a.line, piece...)
	if len(a.line) > maxLine {
		a.part, a.line = notFollowed, nil
	}
}

func (a *answers) bytesOver() (ended bool) {
	if a.part == inChunk {
		a.part = inChunkSize
		return false
	}
	a.part = inStatus
	return true
}

// take goes on by one line, its end cut off.
func (a *answers) take(line []byte) (ended bool) {
	switch a.part {
	case inStatus:
		a.beginHead(line)
	case inFields:
		if len(line) == 0 {
			return a.beginBody()
		}
		a.field(line)
	case inChunkSize:
		a.beginChunk(line)
	case inTrailers:
		if len(line) == 0 {
			a.part = inStatus
			return true
		}
	}
	return false
}

func (a *answers) beginHead(line []byte) {
	text, found := strings.CutPrefix(string(line), "HTTP/1.")
	if !found || len(text) < len("1 200") {
		a.part = notFollowed
		return
	}
	status, err := strconv.Atoi(text[2:5])
	if err != nil || status == 101 {
		a.part = notFollowed
		return
	}
	a.part, a.status, a.length, a.chunked = inFields, status, -1, false
}

func (a *answers) field(line []byte) {
	name, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimSpace(value)
	switch {
	case bytes.EqualFold(name, []byte("transfer-encoding")):
		a.chunked = bytes.EqualFold(value, []byte("chunked"))
	case bytes.EqualFold(name, []byte("content-length")):
		first, _, _ := bytes.Cut(value, []byte(",")) // several equal ones are one
		length, err := strconv.ParseInt(string(bytes.TrimSpace(first)), 10, 64)
		if err != nil || length < 0 {
			a.part = notFollowed
			return
		}
		a.length = length
	}
}

// beginBody runs at the end of a head: an answer without a body ends there.
func (a *answers) beginBody() (ended bool) {
	switch {
	case a.status < 200: // the answer proper is still to come
		a.part = inStatus
	case a.toHead, a.status == 204, a.status == 304, !a.chunked && a.length == 0:
		a.part = inStatus
		return true
	case a.chunked:
		a.part = inChunkSize
	case a.length > 0:
		a.part, a.left = inBody, a.length
	default:
		a.part = toTheClose
	}
	return false
}

func (a *answers) beginChunk(line []byte) {
	digits, _, _ := bytes.Cut(line, []byte(";"))
	size, err := strconv.ParseInt(string(bytes.TrimRight(digits, " \t")), 16, 64)
	switch {
	case err != nil || size < 0:
		a.part = notFollowed
	case size == 0:
		a.part = inTrailers
	default:
		a.part, a.left = inChunk, size+int64(len("\r\n"))
	}
}
