package tcp

import (
	"bytes"
	"strconv"

	"github.com/grafana/sobek"
)

// repeats(offset, head, tail, apartMs) looks ahead in the delivery that is being handled, from an offset where an HTTP
// chunk begins, for chunks whose bodies are `head + text + tail`, with a text that holds no `"` and does
// not end with a backslash: chunks that repeat except for the body of a JSON string literal. A script
// gives the fixed parts as it has learnt them, so what a chunk means is decided there; this saves it a turn of
// its own loop for each. Only whole chunks are taken that lie within one read, which gives their time.
//
// It gives [offset of the chunk behind them, length of their bodies, length of their texts, [time, …], largest
// gap between two of these times, number of such gaps above apartMs], or undefined when the next chunk is none.
func (s *socket) repeats(call sobek.FunctionCall) sobek.Value {
	handled := s.handled
	offset := int(call.Argument(0).ToInteger())
	if offset < 0 || offset >= len(handled.data) {
		return sobek.Undefined()
	}
	head, tail := bytesOf(call.Argument(1)), bytesOf(call.Argument(2))
	found := repeated{end: offset, apartMs: call.Argument(3).ToFloat()}
	for found.next(handled, head, tail) {
	}
	if len(found.times) == 0 {
		return sobek.Undefined()
	}
	return s.rt.NewArray(found.end, found.bodies, found.texts, s.rt.NewArray(found.times...), found.longestMs, found.apart)
}

type repeated struct {
	end, bodies, texts int
	times              []any
	lastMs, longestMs  float64
	apartMs            float64
	apart              int // number of gaps above apartMs
	read               int // index of the read that the last one lies in
}

// next takes one more chunk; false when it is none of these.
func (r *repeated) next(handled batch, head, tail []byte) bool {
	size, length := chunkSize(handled.data[r.end:])
	begin := r.end + length
	end := begin + size
	text := size - len(head) - len(tail)
	if length == 0 || text < 1 || end+len("\r\n") > len(handled.data) || !r.inOneRead(handled.stamps, begin, end) {
		return false
	}
	body := handled.data[begin:end]
	middle := body[len(head) : len(head)+text]
	if !bytes.HasPrefix(body, head) || !bytes.HasSuffix(body, tail) ||
		bytes.IndexByte(middle, '"') >= 0 || middle[text-1] == '\\' ||
		handled.data[end] != '\r' || handled.data[end+1] != '\n' {
		return false
	}
	r.end, r.bodies, r.texts = end+len("\r\n"), r.bodies+size, r.texts+text
	atMs := handled.stamps[r.read].atMs
	if len(r.times) > 0 {
		gapMs := atMs - r.lastMs
		r.longestMs = max(r.longestMs, gapMs)
		if gapMs > r.apartMs {
			r.apart++
		}
	}
	r.times, r.lastMs = append(r.times, atMs), atMs
	return true
}

// inOneRead moves on to the read in which the bytes from begin to end lie.
func (r *repeated) inOneRead(stamps []readStamp, begin, end int) bool {
	for r.read+1 < len(stamps) && stamps[r.read+1].offset <= begin {
		r.read++
	}
	return r.read+1 >= len(stamps) || end <= stamps[r.read+1].offset
}

// maxSizeLine is far above the size of a chunk with one token. Other lines (with extensions, too) are left to
// the script.
const maxSizeLine = 8

// chunkSize reads a chunk's size line: its value and the line's length, 0 when it is not a plain one.
func chunkSize(data []byte) (size, length int) {
	eol := bytes.IndexByte(data[:min(len(data), maxSizeLine)], '\n')
	if eol < 2 || data[eol-1] != '\r' {
		return 0, 0
	}
	value, err := strconv.ParseUint(string(data[:eol-1]), 16, 31)
	if err != nil {
		return 0, 0
	}
	return int(value), eol + 1
}

// bytesOf is the reverse of byteString.
func bytesOf(value sobek.Value) []byte {
	text, ok := value.ToString().(sobek.String)
	if !ok {
		return nil
	}
	out := make([]byte, text.Length())
	for i := range out {
		out[i] = byte(text.CharAt(i))
	}
	return out
}
