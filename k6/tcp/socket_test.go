package tcp

import (
	"context"
	"net"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// life logs the events of `socket`, which the script declares; `closed` resolves on 'close'.
const life = `
	globalThis.events = (socket) => {
		socket.on('connect', () => log('connect ' + socket.ready_state));
		socket.on('data', (data) => log('data ' + (typeof data === 'string' ? data : new TextDecoder().decode(data))));
		socket.on('timeout', () => log('timeout'));
		socket.on('error', (e) => log('error ' + e.name + ' ' + e.method));
		return new Promise((resolve) => socket.on('close', () => { log('close ' + socket.ready_state); resolve() }));
	};
`

func TestEcho(t *testing.T) {
	r := newRig(t)
	port := serve(t, echo)
	log := r.run(life+`
		const socket = new Socket({tags: {from: 'socket', both: 'socket'}});
		const closed = events(socket);
		log(socket.ready_state + socket.connected + socket.local_ip + socket.remote_port);
		const promise = socket.connect({port: '%d', host: 'server.test', tags: {both: 'connect'}});
		log(String(['opening', 'open'].includes(socket.ready_state))); // a dial may be quick
		log('connected ' + await promise);
		log([socket.connected, socket.remote_ip, socket.remote_port, socket.local_ip, socket.local_port > 0].join());
		socket.on('data', () => { log('echo ' + socket.bytes_read); socket.destroy(); socket.destroy() });
		await socket.write('hello', {tags: {both: 'write'}});
		log('written ' + socket.bytes_written);
		await closed;
		log(String(socket.remote_ip) + socket.connected + (socket instanceof Socket));
	`, port)
	// The echo may arrive before the write's promise is heard of.
	require.ElementsMatch(t, []string{
		"disconnectedfalseundefinedundefined", "true", "connect open", "connected undefined",
		"true,127.0.0.1," + strconv.Itoa(port) + ",127.0.0.1,true",
		"written 5", "echo 5", "close destroyed", "undefinedfalsetrue",
	}, log)
	assert.Equal(t, []string{"connect open", "connected undefined"}, log[2:4])

	samples := r.samplesOf()
	for name, count := range map[string]int{
		"tcp_sockets": 1, "tcp_socket_connecting": 1, "tcp_socket_resolving": 1, "tcp_socket_duration": 1,
		"tcp_reads": 1, "tcp_writes": 1, "tcp_errors": 0, "tcp_timeouts": 0, "tcp_partial_writes": 0,
	} {
		assert.Len(t, samples[name], count, name)
	}
	tags := samples["tcp_writes"][0].Tags.Map()
	assert.Equal(t, map[string]string{
		"proto": "TCP", "from": "socket", "both": "write", "host": "server.test",
		"port": strconv.Itoa(port), "ip": "127.0.0.1",
	}, tags)
	assert.Equal(t, "connect", samples["tcp_sockets"][0].Tags.Map()["both"])
	assert.EqualValues(t, 5, r.dialer.BytesRead)
	assert.EqualValues(t, 5, r.dialer.BytesWritten)
}

func TestMethodsAreBoundToTheirSocket(t *testing.T) {
	r := newRig(t)
	log := r.run(life+`
		const socket = new Socket();
		const closed = events(socket);
		const {connect, write, destroy} = socket;
		await connect(%d, 'localhost');
		socket.on('data', () => setTimeout(destroy, 1));
		await write('x');
		await closed;
	`, serve(t, echo))
	assert.Equal(t, []string{"connect open", "close destroyed"}, log)
}

func TestAccessorsWantASocket(t *testing.T) {
	r := newRig(t)
	err := r.iteration(`Object.create(Socket.prototype).ready_state`)
	require.ErrorContains(t, err, "not a k6/x/tcp Socket")
}

func TestWhereTheServerSpeaksFirstConnectIsStillTheFirstEvent(t *testing.T) {
	r := newRig(t)
	log := r.run(life+`
		const socket = new Socket();
		const closed = events(socket);
		await socket.connect(%d);
		log('connected');
		await closed;
	`, serve(t, func(conn *net.TCPConn) { _, _ = conn.Write([]byte("hi")) }))
	assert.Equal(t, []string{"connect open", "connected", "data hi", "close destroyed"},
		replaceFirst(log, "connect destroyed", "connect open"))
}

// replaceFirst: a server that closes at once may have done so before the connect event is heard of.
func replaceFirst(log []string, from, to string) []string {
	if len(log) > 0 && log[0] == from {
		log[0] = to
	}
	return log
}

func TestAnOpenSocketKeepsTheIterationAlive(t *testing.T) {
	r := newRig(t)
	log := r.run(`
		const socket = new Socket();
		socket.on('data', (data) => { log('late'); socket.destroy() });
		socket.connect(%d).then(() => socket.write('x'));
	`, serve(t, echo))
	assert.Equal(t, []string{"late"}, log)
}

func TestASocketThatIsNotConnectedKeepsNothingAlive(t *testing.T) {
	r := newRig(t)
	r.run(`
		const socket = new Socket();
		try { await socket.connect(%d, '127.0.0.1') } catch (e) { log(e.message) }
	`, closedPort(t))
	assert.Len(t, r.log, 1)
}

func TestDestroy(t *testing.T) {
	port := serve(t, echo)
	for name, tc := range map[string]struct {
		script string
		want   []string
	}{
		"before connect": {
			`socket.destroy(); socket.destroy(); log(socket.ready_state); await closed;
			 await socket.connect(PORT).catch((e) => log(e.message))`,
			[]string{"destroyed", "close destroyed", "error TCPError connect", "socket is destroyed"},
		},
		"right after connect was called": {
			`const p = socket.connect(PORT).catch((e) => log(e.method + ': ' + e.message));
			 socket.destroy(); await p; await closed`,
			[]string{"connect: socket is destroyed", "close destroyed"},
		},
		"in the connect handler": {
			`socket.on('connect', () => { log('connect'); socket.destroy() }); await socket.connect(PORT); await closed`,
			[]string{"connect", "close destroyed"},
		},
		"in the close handler": {
			`socket.on('close', () => { log('close'); socket.destroy() }); await socket.connect(PORT); socket.destroy()`,
			[]string{"connect open", "close"},
		},
		"and use again": {
			`await socket.connect(PORT); socket.destroy(); await closed;
			 await socket.connect(PORT).catch((e) => log(e.message)); await socket.write('x').catch((e) => log(e.message));
			 socket.setTimeout(1); socket.destroy()`,
			[]string{"connect open", "close destroyed", "error TCPError connect", "socket is destroyed",
				"no active connection: socket is destroyed"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			require.NoError(t, r.runtime.VU.Runtime().Set("PORT", port))
			log := r.run(life+`const socket = new Socket(); const closed = events(socket); %s`, tc.script)
			assert.Equal(t, tc.want, log)
		})
	}
}

func TestDestroyEndsADialThatHangs(t *testing.T) {
	r := newRig(t)
	dialing := make(chan struct{})
	r.state.Dialer = dialerFunc(func(ctx context.Context) (net.Conn, error) {
		close(dialing)
		<-ctx.Done()
		return nil, ctx.Err()
	})
	require.NoError(t, r.runtime.VU.Runtime().Set("dialing", func() bool {
		select {
		case <-dialing:
			return true
		default:
			return false
		}
	}))
	log := r.run(life + `
		const socket = new Socket();
		const closed = events(socket);
		const result = socket.connect(1).catch((e) => log(e.message));
		while (!dialing()) await new Promise((resolve) => setTimeout(resolve, 1));
		socket.destroy();
		await result;
		await closed;
	`)
	assert.Equal(t, []string{"socket is destroyed", "close destroyed"}, log)
	assert.Empty(t, r.samplesOf()["tcp_errors"])
}

func TestDestroyDropsWhatWasNotDelivered(t *testing.T) {
	r := newRig(t)
	port := serve(t, func(conn *net.TCPConn) {
		for range 200 {
			_, _ = conn.Write([]byte("x"))
		}
		untilClosed(conn)
	})
	log := r.run(life+`
		const socket = new Socket();
		const closed = events(socket);
		socket.on('data', () => { log('data'); socket.destroy() });
		await socket.connect(%d);
		await closed;
	`, port)
	assert.Equal(t, []string{"connect open", "data", "close destroyed"}, log)
}

func TestConnectTwice(t *testing.T) {
	r := newRig(t)
	log := r.run(life+`
		const socket = new Socket();
		const closed = events(socket);
		const first = socket.connect(%[1]d);
		await socket.connect(%[1]d).catch((e) => log(e.message));
		await first;
		await socket.connect(%[1]d).catch((e) => log(e.message));
		socket.destroy();
		await closed;
	`, serve(t, echo))
	const refused = "socket is already connected or connecting"
	assert.ElementsMatch(t, []string{
		"error TCPError connect", refused, "connect open", "error TCPError connect", refused, "close destroyed",
	}, log)
}

func TestConnectAgainAfterAFailure(t *testing.T) {
	r := newRig(t)
	log := r.run(life+`
		const socket = new Socket();
		const closed = events(socket);
		await socket.connect(%d).catch(() => log(socket.ready_state));
		await socket.connect(%d);
		socket.destroy();
		await closed;
	`, closedPort(t), serve(t, echo))
	assert.Equal(t, []string{"error TCPError connect", "disconnected", "connect open", "close destroyed"}, log)
}

func TestTimeoutDoesNotClose(t *testing.T) {
	r := newRig(t)
	log := r.run(life+`
		const socket = new Socket();
		const closed = events(socket);
		let timeouts = 0;
		const twice = new Promise((resolve) => socket.on('timeout', () => { if (++timeouts === 2) resolve() }));
		await socket.connect(%d);
		log(socket.setTimeout(5) === socket);
		await twice;
		socket.setTimeout(0);
		log(socket.ready_state);
		socket.on('data', () => socket.destroy());
		await socket.write('still there');
		await closed;
	`, serve(t, echo))
	assert.Equal(t, []string{"connect open", "true", "open", "close destroyed"}, log)
	assert.GreaterOrEqual(t, len(r.samplesOf()["tcp_timeouts"]), 2)
}

func TestTimeoutSetBeforeConnectAndWithinAStream(t *testing.T) {
	r := newRig(t)
	log := r.run(life+`
		const socket = new Socket();
		const closed = events(socket);
		socket.on('timeout', () => { if (socket.bytes_read === 5) { log('timeout'); socket.destroy() } });
		socket.setTimeout(20);
		await socket.connect(%d);
		await closed;
	`, serve(t, func(conn *net.TCPConn) {
		_, _ = conn.Write([]byte("first"))
		untilClosed(conn)
	}))
	assert.Equal(t, []string{"connect open", "data first", "timeout", "close destroyed"}, log)
}

func TestTheClassIsMadeOnceForAVU(t *testing.T) {
	r := newRig(t)
	assert.Same(t, r.module.Exports().Named["Socket"], r.module.Exports().Named["Socket"])
}
