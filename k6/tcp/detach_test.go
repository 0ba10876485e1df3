package tcp

import (
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/metrics"
	"gopkg.in/guregu/null.v3"
)

// counted serves an echo and counts the connections.
func counted(t *testing.T, connections *atomic.Int64) int {
	return serve(t, func(conn *net.TCPConn) {
		connections.Add(1)
		echo(conn)
	})
}

// asking opens `socket` once and sends a word an iteration; detach() is called where the answer comes,
// inside of a handler, as a script does that awaits its answer.
const asking = `
	if (!globalThis.socket || !socket.attach()) {
		globalThis.socket = new Socket({tags: {from: 'socket'}});
		await socket.connect(%d);
		socket.on('close', () => log('close'));
	}
	const answer = new Promise((resolve) => { globalThis.answered = resolve });
	if (!globalThis.heard) { globalThis.heard = true; socket.on('data', (data) => answered(new TextDecoder().decode(data))) }
	await socket.write('hello');
	log(await answer);
	log('detached ' + socket.detach());
`

func TestAConnectionIsKeptBetweenIterations(t *testing.T) {
	var connections atomic.Int64
	r := newRig(t)
	port := counted(t, &connections)
	assert.Equal(t, []string{"hello", "detached true"}, r.run(asking, port))
	first := r.samplesOf()
	for range 3 {
		assert.Equal(t, []string{"hello", "detached true"}, r.next(asking, port))
	}
	assert.Equal(t, []string{"open", "true", "close"}, r.next(`
		log(socket.ready_state);
		log(String(socket.attach()));
		const closed = new Promise((resolve) => socket.on('close', () => { log('close'); resolve() }));
		socket.destroy();
		await closed;
	`))
	assert.EqualValues(t, 1, connections.Load())
	later := r.samplesOf()
	assert.Len(t, first["tcp_sockets"], 1)
	assert.Len(t, first["tcp_reads"], 1, "reads belong to the iteration that they happened in")
	assert.Empty(t, first["tcp_socket_duration"])
	assert.Empty(t, later["tcp_sockets"])
	assert.Len(t, later["tcp_reads"], 3)
	assert.Len(t, later["tcp_writes"], 3)
	assert.Len(t, later["tcp_socket_duration"], 1)
	assert.Equal(t, first["tcp_writes"][0].Tags, later["tcp_writes"][0].Tags)
}

func TestSamplesOfAKeptConnectionCarryTheTagsOfTheirIteration(t *testing.T) {
	var connections atomic.Int64
	r := newRig(t)
	port := counted(t, &connections)
	r.run(asking, port)
	r.samplesOf()
	r.state.Tags.Modify(func(tags *metrics.TagsAndMeta) { tags.SetTag("scenario", "second") })
	r.next(asking, port)
	written := r.samplesOf()["tcp_writes"][0].Tags.Map()
	assert.Equal(t, "second", written["scenario"])
	assert.Equal(t, "127.0.0.1", written["ip"])
	r.next(`socket.attach(); socket.destroy()`)
}

func TestADetachedSocketThatIsDestroyedClosesInTheIterationAtHand(t *testing.T) {
	var connections atomic.Int64
	r := newRig(t)
	r.run(asking, counted(t, &connections))
	r.samplesOf()
	assert.Equal(t, []string{"close", "destroyed", "false"}, r.next(`
		const closed = new Promise((resolve) => socket.on('close', () => { log('close'); resolve() }));
		socket.destroy();
		await closed;
		log(socket.ready_state);
		log(String(socket.attach()));
	`))
	assert.Len(t, r.samplesOf()["tcp_socket_duration"], 1)
}

func TestAConnectionThatEndsBetweenTwoIterationsIsGone(t *testing.T) {
	for name, end := range map[string]func(*net.TCPConn){
		"closed": func(conn *net.TCPConn) { _ = conn.Close() },
		"reset":  func(conn *net.TCPConn) { _ = conn.SetLinger(0); _ = conn.Close() },
		"bytes that nobody asked for": func(conn *net.TCPConn) {
			_, _ = conn.Write([]byte("HTTP/1.1 408 Request Timeout\r\n\r\n"))
			untilClosed(conn)
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			now := make(chan struct{})
			port := serve(t, func(conn *net.TCPConn) {
				<-now
				end(conn)
			})
			assert.Equal(t, []string{"true"}, r.run(`
				globalThis.socket = new Socket();
				for (const event of ['data', 'error', 'close']) socket.on(event, () => log(event));
				await socket.connect(%d);
				log(String(socket.detach()));
			`, port))
			close(now)
			await(t, "the end", func() bool { return r.socket("socket").readyState() == stateDestroyed })
			assert.Equal(t, []string{"false", "false", "TCPError"}, r.next(`
				log(String(socket.attach()));
				log(String(socket.attach()));
				await socket.write('x').catch((e) => log(e.name));
			`))
			assert.Len(t, r.samplesOf()["tcp_socket_duration"], 1)
		})
	}
}

func TestNothingIsKeptWhereK6IsToKeepNoConnections(t *testing.T) {
	for name, forbid := range map[string]func(*rig){
		"noVUConnectionReuse": func(r *rig) { r.state.Options.NoVUConnectionReuse = null.BoolFrom(true) },
		"noConnectionReuse":   func(r *rig) { r.state.Options.NoConnectionReuse = null.BoolFrom(true) },
	} {
		t.Run(name, func(t *testing.T) {
			var connections atomic.Int64
			r := newRig(t)
			forbid(r)
			assert.Equal(t, []string{"hello", "detached false", "close"},
				r.run(asking+`socket.destroy()`, counted(t, &connections)))
		})
	}
}

func TestWhatCannotBeDetached(t *testing.T) {
	r := newRig(t)
	port := serve(t, func(conn *net.TCPConn) {
		_, _ = conn.Write([]byte("early"))
		untilClosed(conn)
	})
	require.NoError(t, r.runtime.VU.Runtime().Set("awaitBytes", func() {
		await(t, "bytes to deliver", func() bool {
			return r.sees(func(s *socket) bool { return s.incoming.waiting() })
		})
	}))
	log := r.run(`
		const socket = new Socket({coalesce: {maxDelayMs: 60000}});
		log('before connect ' + socket.detach());
		await socket.connect(%d);
		track(socket);
		awaitBytes();
		log('with bytes to deliver ' + socket.detach());
		log('attached ' + socket.attach());
		socket.destroy();
		log('destroyed ' + socket.detach());
	`, port)
	assert.Equal(t, []string{
		"before connect false", "with bytes to deliver false", "attached false", "destroyed false",
	}, log)
}

func TestASocketMayBeDetachedAndAttachedInOneIteration(t *testing.T) {
	var connections atomic.Int64
	r := newRig(t)
	assert.Equal(t, []string{"hello", "detached true", "hello", "detached true", "true", "close"},
		r.run(asking+`
			socket.attach();
			const again = new Promise((resolve) => { answered = resolve });
			await socket.write('hello');
			log(await again);
			log('detached ' + socket.detach());
			log(String(socket.attach()));
			socket.destroy();
		`, counted(t, &connections)))
	assert.EqualValues(t, 1, connections.Load())
}

// The goroutine that wrote a request may be held up behind its write: all is written all the same.
func TestASocketIsDetachedOnceAllIsWrittenWhateverItsWriterStillDoes(t *testing.T) {
	var connections atomic.Int64
	r := newRig(t)
	var full atomic.Bool
	require.NoError(t, r.runtime.VU.Runtime().Set("holdWriter", func() { // at its sample, after the write
		for len(r.samples) < cap(r.samples) {
			r.samples <- metrics.Samples{}
		}
		full.Store(true)
	}))
	require.NoError(t, r.runtime.VU.Runtime().Set("awaitWrite", func() {
		await(t, "the write", func() bool {
			return r.sees(func(s *socket) bool { return s.outgoing.unwritten == 0 })
		})
	}))
	require.NoError(t, r.runtime.VU.Runtime().Set("freeWriter", func() { r.samplesOf() }))
	go func() { // detach() has a sample of its own
		for !full.Load() || !r.sees(func(s *socket) bool { return s.detached }) {
			time.Sleep(time.Millisecond)
		}
		r.samplesOf()
	}()
	assert.Equal(t, []string{"true"}, r.run(`
		globalThis.socket = new Socket();
		track(socket);
		await socket.connect(%d);
		const answer = new Promise((resolve) => socket.on('data', resolve));
		holdWriter();
		const written = socket.write('hello');
		await answer;
		awaitWrite();
		log(String(socket.detach()));
		freeWriter();
		await written;
	`, counted(t, &connections)))
	r.next(`socket.attach(); socket.destroy()`)
}

// sees tells what a condition says of the tracked socket, which its goroutines change.
func (r *rig) sees(condition func(*socket) bool) bool {
	s := r.current.Load()
	s.mu.Lock()
	defer s.mu.Unlock()
	return condition(s)
}

func TestTheVUIsInterruptedWhileASocketIsDetached(t *testing.T) {
	var connections atomic.Int64
	r := newRig(t)
	r.run(asking, counted(t, &connections)) // its end cancels the context
	require.Equal(t, stateOpen, r.socket("socket").readyState())
	r.next(`socket.destroy()`)
	assert.Equal(t, stateDestroyed, r.socket("socket").readyState())
}
