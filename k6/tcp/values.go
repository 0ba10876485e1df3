package tcp

import (
	"slices"
	"unicode/utf8"
	"unsafe"

	"github.com/grafana/sobek"
)

// byteString gives a JavaScript string with one character (0-255) per byte. sobek keeps ASCII in bytes
// and everything else in UTF-16; a TextDecoder gives neither byte offsets nor bytes that are not UTF-8.
// Measured a delivery of ten events of 170 bytes, with an indexOf loop over them: 6.4 us (ASCII) and
// 7.7 us (not ASCII), against 17 and 20 us for bytes and TextDecoder.
func byteString(data []byte) sobek.Value {
	if !slices.ContainsFunc(data, func(b byte) bool { return b >= utf8.RuneSelf }) {
		var text sobek.StringBuilder
		text.WriteUTF8String(unsafe.String(unsafe.SliceData(data), len(data))) // copies
		return text.String()
	}
	units := make([]uint16, len(data))
	for i, b := range data {
		units[i] = uint16(b)
	}
	return sobek.StringFromUTF16(units)
}

// readStamp is one socket read: where its bytes begin in the pending buffer, and when it returned.
type readStamp struct {
	offset int
	atMs   float64
}

// stampArray gives [offset0, at0, offset1, at1, ...], a plain array: as fast to build as the wrappers
// of a Go slice and as fast to read as any array of the script's own.
func stampArray(rt *sobek.Runtime, stamps []readStamp, base int) sobek.Value {
	items := make([]any, 0, 2*len(stamps))
	for _, stamp := range stamps {
		items = append(items, stamp.offset-base, stamp.atMs)
	}
	return rt.NewArray(items...)
}
