package tcp

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/types"
)

func TestConnectFailures(t *testing.T) {
	blocked, err := types.NewHostnameTrie([]string{"*.blocked.test"})
	require.NoError(t, err)
	loopback, err := lib.ParseCIDR("127.0.0.0/8")
	require.NoError(t, err)
	plain := serve(t, func(conn *net.TCPConn) { _, _ = conn.Write([]byte("this is no TLS")) })
	for name, tc := range map[string]struct {
		prepare func(*rig)
		connect string
		message string
	}{
		"refused":          {connect: fmt.Sprintf(`%d, '127.0.0.1'`, closedPort(t)), message: "connection refused"},
		"unknown host":     {connect: `80, 'nowhere.test'`, message: "no such host"},
		"blocked hostname": {func(r *rig) { r.dialer.BlockedHostnames = blocked }, `80, 'x.blocked.test'`, "blocked pattern"},
		"blacklisted IP":   {func(r *rig) { r.dialer.Blacklist = []*lib.IPNet{loopback} }, `80, 'server.test'`, "blacklisted range"},
		"no TLS there":     {connect: fmt.Sprintf(`{port: %d, tls: true}`, plain), message: "TLS handshake failed: "},
		"no TLS config": {
			func(r *rig) { r.state.TLSConfig = nil }, fmt.Sprintf(`{port: %d, tls: true}`, plain), "TLS configuration",
		},
		"no arguments":        {connect: ``, message: "port is undefined"},
		"port of wrong type":  {connect: `true`, message: "port is true, expected integer or object"},
		"port out of range":   {connect: `65536`, message: "port is 65536, accepted: 1 to 65535"},
		"port is a fraction":  {connect: `80.5`, message: "accepted: 1 to 65535"},
		"port is no number":   {connect: `'http'`, message: "port is http"},
		"object without port": {connect: `{host: 'server.test'}`, message: "port is "},
		"tags of wrong type":  {connect: `{port: 80, tags: 5}`, message: "tags"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			if tc.prepare != nil {
				tc.prepare(r)
			}
			log := r.run(`
				const socket = new Socket();
				socket.on('error', (e) => log('event ' + e.message));
				try { await socket.connect(%s) } catch (e) {
					log([e.name, e.method, socket.ready_state].join());
					log(e.message);
					log(String(e));
				}`, tc.connect)
			require.Len(t, log, 4)
			assert.Equal(t, "event "+log[2], log[0])
			assert.Equal(t, "TCPError,connect,disconnected", log[1])
			assert.Contains(t, log[2], tc.message)
			assert.Equal(t, "TCP error during connect: "+log[2], log[3])
			assert.Len(t, r.samplesOf()["tcp_errors"], 1)
		})
	}
}

func TestAnUnhandledRejectionEndsTheIteration(t *testing.T) {
	r := newRig(t)
	err := r.iteration(fmt.Sprintf(`new Socket().connect(%d, '127.0.0.1')`, closedPort(t)))
	require.ErrorContains(t, err, "TCP error during connect")
}

func TestTheServerResets(t *testing.T) {
	r := newRig(t)
	log := r.run(life+`
		const socket = new Socket();
		const closed = events(socket);
		await socket.connect(%d);
		await socket.write('x');
		await closed;
	`, serve(t, func(conn *net.TCPConn) {
		_, _ = conn.Read(make([]byte, 1))
		_ = conn.SetLinger(0) // close sends RST
	}))
	assert.Equal(t, []string{"connect open", "error TCPError read", "close destroyed"}, log)
	assert.Len(t, r.samplesOf()["tcp_errors"], 1)
}

func TestDataBeforeAnErrorIsDeliveredFirst(t *testing.T) {
	r := newRig(t)
	r.state.Dialer = dialerFunc(func(context.Context) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			_, _ = theirs.Write([]byte("some"))
			_ = theirs.Close()
		}()
		return failingAtEnd{ours}, nil
	})
	log := r.run(life + `
		const socket = new Socket({coalesce: {maxDelayMs: 60000}});
		const closed = events(socket);
		await socket.connect(1);
		await closed;
	`)
	assert.Equal(t, []string{"data some", "error TCPError read", "close destroyed"}, log[1:])
}

// failingAtEnd ends with an error where its peer closes.
type failingAtEnd struct{ net.Conn }

func (c failingAtEnd) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err != nil {
		return n, errTest
	}
	return n, nil
}

func TestHalfClose(t *testing.T) {
	r := newRig(t)
	log := r.run(life+`
		const socket = new Socket();
		const closed = events(socket);
		await socket.connect(%d);
		await closed;
		await socket.write('x').catch((e) => log(e.method));
	`, serve(t, func(conn *net.TCPConn) {
		_, _ = conn.Write([]byte("all"))
		_ = conn.CloseWrite()
		untilClosed(conn)
	}))
	assert.Equal(t, []string{"data all", "close destroyed", "write"}, log[1:])
}

func TestTLS(t *testing.T) {
	authority := httptest.NewUnstartedServer(nil)
	authority.StartTLS()
	defer authority.Close()
	config := &tls.Config{Certificates: authority.TLS.Certificates, NextProtos: []string{"h2", "http/1.1"}}
	names := make(chan string, 10)
	port := serveOn(t, config, func(conn net.Conn) {
		buffer := make([]byte, 64)
		n, err := conn.Read(buffer)
		if err != nil {
			return
		}
		state := conn.(*tls.Conn).ConnectionState()
		names <- state.ServerName + " " + state.NegotiatedProtocol
		_, _ = conn.Write(buffer[:n])
	})
	trusting := authority.Client().Transport.(*http.Transport).TLSClientConfig

	t.Run("trusted", func(t *testing.T) {
		r := newRig(t)
		r.dialer.Resolver = resolverFunc(func(string) (net.IP, error) { return net.IPv4(127, 0, 0, 1), nil })
		r.state.TLSConfig = trusting
		log := r.run(life+`
			const socket = new Socket();
			const closed = events(socket);
			const ms = await socket.connect({port: %d, host: 'example.com', tls: true});
			await socket.write('over TLS');
			await closed;
			log(ms > 0 && ms < 60000);
		`, port)
		assert.Equal(t, []string{"connect open", "data over TLS", "close destroyed", "true"}, log)
		assert.Equal(t, "example.com http/1.1", <-names)
	})
	t.Run("unknown authority", func(t *testing.T) {
		r := newRig(t)
		log := r.run(`await new Socket().connect({port: %d, tls: true}).catch((e) => log(e.message))`, port)
		assert.Contains(t, log[0], "TLS handshake failed: ")
	})
}

func TestHostsMayNameAPort(t *testing.T) {
	r := newRig(t)
	port := serve(t, echo)
	hosts, err := types.NewHosts(map[string]types.Host{
		"api.test": {IP: net.IPv4(127, 0, 0, 1), Port: port},
	})
	require.NoError(t, err)
	r.dialer.Hosts = hosts
	log := r.run(`
		const socket = new Socket();
		await socket.connect(80, 'api.test');
		log(socket.remote_port === %d);
		socket.destroy();
	`, port)
	assert.Equal(t, []string{"true"}, log)
}

func TestBadOptionsThrow(t *testing.T) {
	for options, message := range map[string]string{
		`5`:                                   "an object is expected",
		`{tags: 5}`:                           "tags",
		`{encoding: 'utf-16'}`:                `encoding is "utf-16", accepted: 'latin1'`,
		`{coalesce: 5}`:                       "{maxDelayMs, until} is expected",
		`{coalesce: {}}`:                      "coalesce.maxDelayMs is",
		`{coalesce: {maxDelayMs: 0}}`:         "coalesce.maxDelayMs is 0, accepted: more than 0, at most 60000",
		`{coalesce: {maxDelayMs: 'soon'}}`:    "coalesce.maxDelayMs is soon",
		`{coalesce: {maxDelayMs: 1e9}}`:       "coalesce.maxDelayMs is 1000000000",
		`{coalesce: {maxDelayMs: Infinity}}`:  "coalesce.maxDelayMs is Infinity",
		`{coalesce: {maxDelayMs:1, until:5}}`: `coalesce.until is "5", accepted: "answer", or none`,
	} {
		t.Run(options, func(t *testing.T) {
			require.ErrorContains(t, newRig(t).iteration(`new Socket(`+options+`)`), message)
		})
	}
	for _, options := range []string{``, `null`, `{}`, `{encoding: undefined, coalesce: null, other: 1}`} {
		t.Run("accepted: "+options, func(t *testing.T) {
			require.NoError(t, newRig(t).iteration(`new Socket(`+options+`)`))
		})
	}
}

func TestOnWantsAFunction(t *testing.T) {
	require.ErrorContains(t, newRig(t).iteration(`new Socket().on('data', 5)`), "a function is expected")
	require.NoError(t, newRig(t).iteration(`new Socket().on('end', () => {})`), "an unknown event is a warning")
}

func TestTheInitContextHasNoSockets(t *testing.T) {
	r := newRig(t)
	r.runtime.VU.StateField = nil
	require.ErrorContains(t, r.iteration(`new Socket().connect(80)`), "init context")
}
