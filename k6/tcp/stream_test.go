package tcp

import (
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/lib"
)

// untilSeen writes each part only when the one before it was read by the socket, so that every part is
// a read of its own.
func untilSeen(r *rig, parts ...string) func(*net.TCPConn) {
	return func(conn *net.TCPConn) {
		sent := int64(0)
		for _, part := range parts {
			_, _ = conn.Write([]byte(part))
			sent += int64(len(part))
			for deadline := time.Now().Add(hangs); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
				if s := r.current.Load(); s != nil && s.bytesRead.Load() >= sent {
					break
				}
			}
		}
		untilClosed(conn)
	}
}

// stamped logs each delivery as its text and the offsets of its stamps, and checks the times.
const stamped = `
	globalThis.stamped = (socket, opened, more) => {
		let last = opened;
		socket.on('data', (data, stamps) => {
			const end = now();
			if (!Array.isArray(stamps)) throw new Error('stamps are no array');
			const offsets = [];
			for (let i = 0; i < stamps.length; i += 2) {
				offsets.push(stamps[i]);
				if (!(stamps[i + 1] >= last && stamps[i + 1] <= end)) throw new Error(last + ' ' + stamps[i + 1] + ' ' + end);
				last = stamps[i + 1];
			}
			const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
			log(text + ' ' + offsets.join());
			more && more(text);
		});
		return new Promise((resolve) => socket.on('close', resolve));
	};
`

func TestEachReadIsADeliveryWithItsTime(t *testing.T) {
	r := newRig(t)
	log := r.run(stamped+`
		globalThis.socket = new Socket();
		socket.on('connect', () => track(socket));
		const closed = stamped(socket, now(), (text) => { if (text === 'three') socket.destroy() });
		await socket.connect(%d);
		const until = now() + 30; // the VU is busy: the reads pile up
		while (now() < until);
		await closed;
	`, serve(t, untilSeen(r, "one", "two", "three")))
	assert.Equal(t, []string{"one 0", "two 0", "three 0"}, log)
}

func TestCoalescedReadsKeepTheirTimes(t *testing.T) {
	for name, tc := range map[string]struct {
		options string
		parts   []string
		want    []string
	}{
		"delivered at once when an answer is whole": {
			`{maxDelayMs: 60000, until: 'answer'}`,
			[]string{"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n", "one", "x!\n"},
			[]string{"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nonex!\n 0,38,41"},
		},
		"one answer after the other": {
			`{maxDelayMs: 60000, until: 'answer'}`,
			[]string{"HTTP/1.1 204 No\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n!\n"},
			[]string{"HTTP/1.1 204 No\r\n\r\n 0", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n!\n 0"},
		},
		"read by read where it is no HTTP": {
			`{maxDelayMs: 60000, until: 'answer'}`, []string{"one\n", "two!\n"}, []string{"one\n 0", "two!\n 0"},
		},
		"after the delay without until": {
			`{maxDelayMs: 5}`, []string{"two!\n"}, []string{"two!\n 0"},
		},
	} {
		for _, encoding := range []string{"undefined", "'latin1'"} {
			t.Run(name+" "+encoding, func(t *testing.T) {
				r := newRig(t)
				log := r.run(stamped+`
					globalThis.socket = new Socket({coalesce: %s, encoding: %s});
					socket.on('connect', () => track(socket));
					const closed = stamped(socket, now(), (text) => { if (text.endsWith('!\n')) socket.destroy() });
					await socket.connect(%d);
					await closed;
				`, tc.options, encoding, serve(t, untilSeen(r, tc.parts...)))
				assert.Equal(t, tc.want, log)
			})
		}
	}
}

func TestAReadInTheLastTenthOfTheWaitIsDeliveredAtOnce(t *testing.T) {
	r := newRig(t)
	go func() {
		for r.current.Load() == nil {
			time.Sleep(time.Millisecond)
		}
		socket := r.current.Load()
		socket.received([]byte("one"), 1000)
		socket.received([]byte("two"), 1000+0.89*60_000)
		socket.received([]byte("three"), 1000+0.91*60_000)
	}()
	log := r.run(`
		globalThis.socket = new Socket({coalesce: {maxDelayMs: 60000}});
		const closed = new Promise((resolve) => socket.on('close', resolve));
		socket.on('data', (data, stamps) => {
			log(new TextDecoder().decode(data) + ' ' + stamps.join());
			socket.destroy();
		});
		await socket.connect(%d);
		track(socket);
		await closed;
	`, serve(t, func(conn *net.TCPConn) { untilClosed(conn) }))
	assert.Equal(t, []string{"onetwothree 0,1000,3,54400,6,55600"}, log)
}

func TestCoalescedReadsAreDeliveredWhenTheStreamEnds(t *testing.T) {
	r := newRig(t)
	log := r.run(stamped+`
		const socket = new Socket({coalesce: {maxDelayMs: 60000, until: 'answer'}});
		const closed = stamped(socket, now()).then(() => log('close'));
		await socket.connect(%d);
		await closed;
	`, serve(t, func(conn *net.TCPConn) { _, _ = conn.Write([]byte("all")) }))
	assert.Equal(t, []string{"all 0", "close"}, log)
}

func TestCoalescedReadsAreDeliveredBeforeATimeout(t *testing.T) {
	r := newRig(t)
	log := r.run(stamped+`
		const socket = new Socket({coalesce: {maxDelayMs: 60000}});
		const closed = stamped(socket, now());
		socket.on('timeout', () => { if (socket.bytes_read) { log('timeout'); socket.destroy() } });
		socket.setTimeout(5);
		await socket.connect(%d);
		await closed;
	`, serve(t, func(conn *net.TCPConn) {
		_, _ = conn.Write([]byte("part"))
		untilClosed(conn)
	}))
	assert.Equal(t, []string{"part 0", "timeout"}, log)
}

func TestCoalescingIsBoundedByBytes(t *testing.T) {
	const total = 1 << 20
	r := newRig(t)
	log := r.run(`
		const socket = new Socket({coalesce: {maxDelayMs: 60000}, encoding: 'latin1'});
		let got = 0, calls = 0;
		const closed = new Promise((resolve) => socket.on('close', resolve));
		socket.on('data', (data, stamps) => {
			if (data.length > %d) throw new Error('delivered ' + data.length);
			if (stamps[0] !== 0 || stamps[stamps.length - 2] >= data.length) throw new Error('offsets ' + stamps);
			calls++;
			if ((got += data.length) === %d) socket.destroy();
		});
		await socket.connect(%d);
		await closed;
		log(got + ' ' + (calls >= 3));
	`, maxPendingBytes+readSize, total-maxPendingBytes*3/4, serve(t, func(conn *net.TCPConn) {
		_, _ = conn.Write(make([]byte, total-maxPendingBytes*3/4))
		_ = conn.CloseWrite()
		untilClosed(conn)
	}))
	require.Len(t, log, 1)
	assert.Equal(t, fmt.Sprintf("%d true", total-maxPendingBytes*3/4), log[0])
}

func TestABusyVUSlowsTheServerDown(t *testing.T) {
	const total = 256 << 20
	var sent atomic.Int64
	port := serve(t, func(conn *net.TCPConn) {
		chunk := make([]byte, 1<<20)
		for sent.Load() < total {
			n, err := conn.Write(chunk)
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	})
	for _, handler := range []string{"", "socket.on('data', () => {});"} {
		for _, options := range []string{"", "{coalesce: {maxDelayMs: 1}}"} {
			r := newRig(t)
			sent.Store(0)
			require.NoError(t, r.runtime.VU.Runtime().Set("stalled", func() {
				s := r.socket("socket")
				await(t, "a full socket", func() bool {
					s.mu.Lock()
					defer s.mu.Unlock()
					return s.incoming.full()
				})
				s.mu.Lock()
				defer s.mu.Unlock()
				assert.LessOrEqual(t, len(s.incoming.data), maxPendingBytes+readSize)
			}))
			r.run(`
				globalThis.socket = new Socket(%s); %s
				await socket.connect(%d);
				stalled();
				socket.destroy();
			`, options, handler, port)
			assert.Less(t, sent.Load(), int64(total))
		}
	}
}

func TestABodyNobodyReadsFlowsBy(t *testing.T) {
	const total = 8 << 20
	r := newRig(t)
	log := r.run(`
		const socket = new Socket();
		await socket.connect(%d);
		await new Promise((resolve) => socket.on('close', resolve));
		log(String(socket.bytes_read));
	`, serve(t, func(conn *net.TCPConn) { _, _ = conn.Write(make([]byte, total)) }))
	assert.Equal(t, []string{fmt.Sprint(total)}, log)
}

func TestPendingIsBoundedByReads(t *testing.T) {
	in := incoming{}
	for range maxPendingReads - 1 {
		in.add([]byte("x"), 0)
	}
	assert.False(t, in.full())
	in.add([]byte("x"), 0)
	assert.True(t, in.full())
	assert.True(t, in.due(&coalesceOptions{}))
}

func TestEveryByteKeepsItsValue(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	for name, bytes := range map[string][]byte{"all": all, "ascii": all[:128], "empty": {}, "one": {0xff}} {
		units := byteString(bytes)
		rt := newRig(t).runtime.VU.Runtime()
		require.NoError(t, rt.Set("text", units))
		want := make([]any, len(bytes))
		for i, b := range bytes {
			want[i] = int64(b)
		}
		got := jsValue(t, rt, `Array.from({length: text.length}, (_, i) => text.charCodeAt(i))`)
		assert.Equal(t, want, got, name)
	}
}

func TestBytesStayValidAfterTheirHandler(t *testing.T) {
	r := newRig(t)
	log := r.run(`
		globalThis.socket = new Socket();
		const kept = [];
		socket.on('connect', () => track(socket));
		socket.on('data', (data) => {
			kept.push(data);
			if (kept.length === 3) socket.destroy();
		});
		const closed = new Promise((resolve) => socket.on('close', resolve));
		await socket.connect(%d);
		await closed;
		for (const data of kept) log(new TextDecoder().decode(new Uint8Array(data)) + data.length + data[0] + Array.isArray(data));
	`, serve(t, untilSeen(r, "one", "two", "six")))
	assert.Equal(t, []string{"one3111true", "two3116true", "six3115true"}, log)
}

func TestWithoutARunClockThereAreNoTimes(t *testing.T) {
	r := newRig(t)
	r.runtime.VU.CtxField = lib.WithExecutionState(r.runtime.VU.CtxField, nil)
	log := r.run(`
		const socket = new Socket();
		socket.on('data', (data, stamps) => { log(String(stamps)); socket.destroy() });
		await socket.connect(%d);
		log(String(await socket.write('x')));
	`, serve(t, echo))
	assert.ElementsMatch(t, []string{"undefined", "undefined"}, log)
}

func TestNoSampleAndNoLogEntryARead(t *testing.T) {
	r := newRig(t)
	r.run(`
		globalThis.socket = new Socket();
		socket.on('connect', () => track(socket));
		let reads = 0;
		socket.on('data', () => { if (++reads === 20) socket.destroy() });
		await socket.connect(%d);
	`, serve(t, untilSeen(r, strings.Split(strings.Repeat("x", 20), "")...)))
	count := 0
	samples := r.samplesOf()
	for _, of := range samples {
		count += len(of)
	}
	assert.Equal(t, 5, count, "resolving, connecting, sockets, duration, reads")
	assert.EqualValues(t, 20, samples["tcp_reads"][0].Value)
}
