package tcp

import (
	"context"
	"math/rand/v2"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnExceptionInAHandlerEndsTheIterationAndFreesTheSocket(t *testing.T) {
	for event, provoke := range map[string]string{
		"connect": ``,
		"data":    `await socket.write('x');`,
		"close":   `socket.destroy();`,
		"timeout": `socket.setTimeout(1);`,
		"error":   `socket.connect('no port').catch(() => {});`,
	} {
		t.Run(event, func(t *testing.T) {
			r := newRig(t)
			require.NoError(t, r.runtime.VU.Runtime().Set("port", serve(t, echo)))
			err := r.iteration(`
				globalThis.socket = new Socket();
				socket.on('` + event + `', () => { throw new Error('on purpose') });
				await socket.connect(port);
				` + provoke + `
				await new Promise(() => {});
			`)
			require.ErrorContains(t, err, "on purpose")
			await(t, "the socket's end", func() bool { return r.socket("socket").readyState() == stateDestroyed })
		})
	}
}

// interrupted runs a script that never ends and cancels the VU when it calls cut().
func interrupted(t *testing.T, r *rig, script string) {
	t.Helper()
	require.NoError(t, r.runtime.VU.Runtime().Set("cut", func() { go r.cancel() }))
	_ = r.iteration(`
		globalThis.socket = new Socket({coalesce: {maxDelayMs: 1}});
		for (const event of ['data', 'close', 'timeout', 'error']) socket.on(event, () => log(event));
		` + script)
	assert.Equal(t, stateDestroyed, r.socket("socket").readyState())
	assert.Empty(t, r.log, "no handler runs when the iteration is over")
}

func TestTheVUIsInterruptedWhileConnecting(t *testing.T) {
	r := newRig(t)
	r.state.Dialer = dialerFunc(func(ctx context.Context) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	interrupted(t, r, `cut(); await socket.connect(1).catch(() => {})`)
}

func TestTheVUIsInterruptedWhileTheResolverHangs(t *testing.T) {
	r := newRig(t)
	release := make(chan struct{})
	r.dialer.Resolver = resolverFunc(func(string) (net.IP, error) {
		<-release
		return nil, errTest
	})
	interrupted(t, r, `cut(); await socket.connect(1, 'slow.test').catch(() => {})`)
	close(release)
}

func TestTheVUIsInterruptedDuringTheHandshake(t *testing.T) {
	r := newRig(t)
	require.NoError(t, r.runtime.VU.Runtime().Set("port", serve(t, func(conn *net.TCPConn) { untilClosed(conn) })))
	interrupted(t, r, `cut(); await socket.connect({port, tls: true}).catch(() => {})`)
}

func TestTheVUIsInterruptedWithASocketOpen(t *testing.T) {
	r := newRig(t)
	require.NoError(t, r.runtime.VU.Runtime().Set("port", serve(t, func(conn *net.TCPConn) { untilClosed(conn) })))
	interrupted(t, r, `await socket.connect(port); cut()`)
}

// Timers, reads, destroys, the server's closes and the iteration's end meet in every order; a callback
// that is called twice panics, one that is never called hangs, and -race sees the rest.
func TestManySocketsAtOnce(t *testing.T) {
	port := serve(t, func(conn *net.TCPConn) {
		for range rand.IntN(30) {
			if _, err := conn.Write([]byte("some bytes\n")); err != nil {
				return
			}
			time.Sleep(time.Duration(rand.IntN(1000)) * time.Microsecond)
		}
		switch rand.IntN(3) {
		case 0:
			_ = conn.SetLinger(0)
		case 1:
			untilClosed(conn)
		}
	})
	for range 10 {
		r := newRig(t)
		log := r.run(`
			const options = () => [undefined, {coalesce: {maxDelayMs: 1, until: 'answer'}}, {coalesce: {maxDelayMs: 3}, encoding: 'latin1'}][Math.floor(Math.random() * 3)];
			let closes = 0, data = 0;
			const one = async () => {
				const socket = new Socket(options());
				const closed = new Promise((resolve) => socket.on('close', () => { closes++; resolve() }));
				let ended = false;
				socket.on('data', () => { if (ended) throw new Error('data after close'); data++; if (Math.random() < 0.05) socket.destroy() });
				socket.on('error', () => {});
				socket.on('timeout', () => { if (Math.random() < 0.3) socket.destroy() });
				setTimeout(() => socket.destroy(), Math.random() * 40);
				if (Math.random() < 0.5) socket.setTimeout(2);
				await socket.connect(%d).catch(() => {});
				socket.write('x').catch(() => {});
				await closed;
				ended = true;
			};
			await Promise.all(Array.from({length: 30}, one));
			log(String(closes));
		`, port)
		assert.Equal(t, []string{"30"}, log)
	}
}

func TestAVULivesThroughManyIterations(t *testing.T) {
	r := newRig(t)
	port := serve(t, echo)
	for range 20 {
		var ctx context.Context
		ctx, r.cancel = context.WithCancel(context.Background())
		r.runtime.VU.CtxField = ctx
		r.run(`
			const socket = new Socket({coalesce: {maxDelayMs: 1}});
			socket.on('data', () => { log('data'); socket.destroy() });
			await socket.connect(%d);
			await socket.write('x');
		`, port)
	}
	assert.Len(t, r.log, 20)
}
