package tcp

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// collect serves one connection and gives what it received until the client closed.
func collect(t *testing.T) (port int, received chan string) {
	t.Helper()
	received = make(chan string, 1)
	return serve(t, func(conn *net.TCPConn) {
		all, _ := io.ReadAll(conn)
		received <- string(all)
	}), received
}

func TestWriteEncodings(t *testing.T) {
	for call, want := range map[string]string{
		`'grüße 你好'`:                                   "grüße 你好",
		`'x', {encoding: 'UTF-8', tags: {a: 'b'}}`:     "x",
		`'x', {encoding: 'ascii'}`:                     "x",
		`'_/-+'.slice(0, 2)`:                           "_/",
		`'//79', {encoding: 'base64'}`:                 "\xff\xfe\xfd",
		`'__79', {encoding: 'base64url'}`:              "\xff\xfe\xfd",
		`'_w==', {encoding: 'base64url'}`:              "\xff",
		`'_w', {encoding: 'base64url'}`:                "\xff",
		`'00ff', {encoding: 'hex'}`:                    "\x00\xff",
		`new Uint8Array([0, 255]).buffer`:              "\x00\xff",
		`new Uint8Array([0, 255])`:                     "\x00\xff",
		`new Uint8Array([0, 1, 2, 3]).subarray(1, 3)`:  "\x01\x02",
		`new Uint8Array([65]).buffer, {encoding: 'x'}`: "A",
		`''`: "",
	} {
		t.Run(call, func(t *testing.T) {
			r := newRig(t)
			port, received := collect(t)
			r.run(`
				const socket = new Socket();
				await socket.connect(%d);
				const before = now(), at = await socket.write(%s), after = now();
				if (!(at >= before && at <= after)) log(before + ' ' + at + ' ' + after);
				log(String(socket.bytes_written));
				socket.destroy();
			`, port, call)
			assert.Equal(t, want, <-received)
			assert.Equal(t, []string{fmt.Sprint(len(want))}, r.log)
		})
	}
}

func TestWhatCannotBeWritten(t *testing.T) {
	for call, message := range map[string]string{
		``:                           "data is undefined, String or ArrayBuffer expected",
		`5`:                          "data is 5, String or ArrayBuffer expected",
		`{}`:                         "String or ArrayBuffer expected",
		`'x', {encoding: 'rot13'}`:   `unsupported encoding "rot13"`,
		`'xyz', {encoding: 'hex'}`:   "hex",
		`'*', {encoding: 'base64'}`:  "base64",
		`'x', {tags: 'not a table'}`: "tags",
	} {
		t.Run(call, func(t *testing.T) {
			r := newRig(t)
			port, received := collect(t)
			log := r.run(`
				const socket = new Socket();
				socket.on('error', (e) => log('event ' + e.method));
				await socket.connect(%d);
				await socket.write(%s).catch((e) => log(e.name + ' ' + e.method + ' ' + e.message));
				await socket.write('still works');
				socket.destroy();
			`, port, call)
			require.Len(t, log, 2)
			assert.Equal(t, "event write", log[0])
			assert.True(t, strings.HasPrefix(log[1], "TCPError write ") && strings.Contains(log[1], message), log[1])
			assert.Equal(t, "still works", <-received)
		})
	}
}

func TestWriteBeforeConnect(t *testing.T) {
	r := newRig(t)
	log := r.run(`
		const socket = new Socket();
		socket.on('error', () => log('event'));
		await socket.write('x').catch((e) => log(e.name + ' ' + e.method + ' ' + e.message));
	`)
	assert.Equal(t, []string{"TCPError write no active connection"}, log)
}

func TestWritesKeepTheirOrderAndStayWhole(t *testing.T) {
	r := newRig(t)
	port, received := collect(t)
	r.run(`
		const socket = new Socket();
		await socket.connect(%d);
		const writes = [];
		for (let i = 0; i < 50; i++) writes.push(socket.write(String.fromCharCode(65 + i %% 26).repeat(10000)));
		const times = await Promise.all(writes);
		log(String(times.every((at, i) => i === 0 || at >= times[i - 1])));
		socket.destroy();
	`, port)
	want := strings.Builder{}
	for i := range 50 {
		want.WriteString(strings.Repeat(string(rune('A'+i%26)), 10000))
	}
	assert.Equal(t, []string{"true"}, r.log)
	assert.True(t, want.String() == <-received)
}

func TestTheScriptMayReuseItsBuffer(t *testing.T) {
	r := newRig(t)
	port, received := collect(t)
	r.run(`
		const socket = new Socket();
		await socket.connect(%d);
		const bytes = new Uint8Array([65, 66]);
		const writes = [socket.write(bytes.buffer), socket.write(bytes)];
		bytes.fill(0);
		await Promise.all(writes);
		socket.destroy();
	`, port)
	assert.Equal(t, "ABAB", <-received)
}

func TestDestroyEndsAWriteThatHangs(t *testing.T) {
	r := newRig(t)
	log := r.run(`
		const socket = new Socket();
		await socket.connect(%d);
		const chunk = new ArrayBuffer(1 << 20), writes = [];
		let failed = 0;
		for (let i = 0; i < 32; i++) writes.push(socket.write(chunk).catch((e) => { failed++; log(e.method) }));
		setTimeout(() => socket.destroy(), 20);
		await Promise.all(writes);
		if (failed === 0) throw new Error('nothing failed');
	`, serve(t, func(conn *net.TCPConn) {
		_ = conn.SetReadBuffer(4096)
		await(t, "the end of the iteration", func() bool { return r.runtime.VU.Context().Err() != nil })
	}))
	assert.Subset(t, []string{"write"}, log)
	samples := r.samplesOf()
	assert.Len(t, samples["tcp_errors"], len(log))
	assert.LessOrEqual(t, len(samples["tcp_partial_writes"]), 1)
}
