package tcp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func chunkOf(body string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(body), body) }

// TestRepeatsAreFound gives `HEAD`, a text and `TAIL"` in chunks; each read is a part, and its time its number.
func TestRepeatsAreFound(t *testing.T) {
	chunk := func(text string) string { return chunkOf("<" + text + `">`) }
	for name, tc := range map[string]struct {
		parts  []string
		offset int
		found  string // end, length of bodies, length of texts, times, largest gap, gaps above 1
	}{
		"one per read":            {[]string{chunk("a"), chunk("bc")}, 0, "19 9 3 [0 1] 1 0"},
		"two in a read":           {[]string{chunk("a") + chunk("b"), chunk("c")}, 0, "27 12 3 [0 0 1] 1 0"},
		"a silence between":       {[]string{chunk("a"), "", "", chunk("b"), chunk("c")}, 0, "27 12 3 [0 3 4] 3 1"},
		"from an offset":          {[]string{chunk("a"), chunk("bc")}, 9, "19 5 2 [1] 0 0"},
		"until another chunk":     {[]string{chunk("a"), chunkOf("<>"), chunk("b")}, 0, "9 4 1 [0] 0 0"},
		"another chunk first":     {[]string{chunkOf("<>"), chunk("b")}, 0, ""},
		"a text of nothing":       {[]string{chunk("")}, 0, ""},
		"a quote in the text":     {[]string{chunk(`a"b`)}, 0, ""},
		"a backslash at the end":  {[]string{chunk(`a\`)}, 0, ""},
		"a backslash before":      {[]string{chunk(`\n.`)}, 0, "11 6 3 [0] 0 0"},
		"bytes that are not text": {[]string{chunk("\xc3\xa9\xff")}, 0, "11 6 3 [0] 0 0"},
		"a chunk in two reads":    {[]string{chunk("a") + "4\r\n<b", "\">\r\n"}, 0, "9 4 1 [0] 0 0"},
		"its size in another":     {[]string{"4\r\n", "<a\">\r\n"}, 0, "9 4 1 [1] 0 0"},
		"half a chunk":            {[]string{chunk("a"), "4\r\n<b\">"}, 0, "9 4 1 [0] 0 0"},
		"no CRLF behind":          {[]string{"4\r\n<b\">xx"}, 0, ""},
		"an extension":            {[]string{"4;x\r\n<b\">\r\n"}, 0, ""},
		"no size":                 {[]string{"\r\n<b\">\r\n"}, 0, ""},
		"a size beyond all":       {[]string{"ffffff\r\n<b\">\r\n"}, 0, ""},
		"a sign":                  {[]string{"+4\r\n<b\">\r\n"}, 0, ""},
		"the last chunk":          {[]string{"0\r\n\r\n"}, 0, ""},
		"behind the end":          {[]string{chunk("a")}, 99, ""},
		"before the beginning":    {[]string{chunk("a")}, -1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			s := newSocket(r.module, nil, socketOptions{})
			for i, part := range tc.parts {
				s.handled.stamps = append(s.handled.stamps, readStamp{len(s.handled.data), float64(i)})
				s.handled.data = append(s.handled.data, part...)
			}
			rt := r.runtime.VU.Runtime()
			assert.NoError(t, rt.Set("repeats", s.repeats))
			found, err := rt.RunString(fmt.Sprintf("repeats(%d, '<', '\">', 1)", tc.offset))
			assert.NoError(t, err)
			got := ""
			if given(found) {
				got = strings.TrimSuffix(strings.TrimPrefix(fmt.Sprint(found.Export()), "["), "]")
			}
			assert.Equal(t, tc.found, got)
		})
	}
}

func TestRepeatsOnlyWhileAHandlerRuns(t *testing.T) {
	wire := chunkOf(`<a">`) + chunkOf(`<é">`)
	r := newRig(t)
	log := r.run(`
		const socket = new Socket({encoding: 'latin1'});
		const look = (head) => JSON.stringify(socket.repeats(0, head, '">')?.slice(0, 3));
		const closed = new Promise((resolve) => socket.on('close', resolve));
		socket.on('data', (data) => { log(look('<')); log(String(look('\xff'))); socket.destroy(); });
		await socket.connect(%d);
		await closed;
		log(String(look('<')));
	`, serve(t, untilSeen(r, wire)))
	assert.Equal(t, []string{"[19,9,3]", "undefined", "undefined"}, log)
}
