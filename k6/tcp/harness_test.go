package tcp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/grafana/sobek"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/js/modulestest"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/metrics"
)

// hangs is when a script counts as stuck. Nothing here waits for it unless something is broken.
const hangs = 30 * time.Second

// rig is one VU: k6's own event loop, dialer and sample channel around the module.
type rig struct {
	t       *testing.T
	runtime *modulestest.Runtime
	dialer  *netext.Dialer
	state   *lib.State
	module  *module
	clock   *lib.ExecutionState
	samples chan metrics.SampleContainer
	cancel  context.CancelFunc
	log     []string
	// current is the socket that a script gave to track().
	current atomic.Pointer[socket]
}

func newRig(t *testing.T) *rig {
	t.Helper()
	t.Cleanup(func() { requireNoGoroutines(t) })
	r := &rig{t: t, runtime: modulestest.NewRuntime(t), samples: make(chan metrics.SampleContainer, 10000)}
	registry := r.runtime.VU.InitEnv().Registry
	r.module = New().NewModuleInstance(r.runtime.VU).(*module)
	rt := r.runtime.VU.Runtime()
	require.NoError(t, rt.Set("Socket", r.module.Exports().Named["Socket"]))
	require.NoError(t, rt.Set("log", func(line string) { r.log = append(r.log, line) }))
	require.NoError(t, rt.Set("track", func(object *sobek.Object) { r.current.Store(r.module.socketOf(object)) }))
	require.NoError(t, rt.Set("now", func() float64 { return runClock{r.clock}.now() }))

	r.dialer = netext.NewDialer(net.Dialer{}, resolverFunc(func(host string) (net.IP, error) {
		if host == "localhost" || host == "server.test" {
			return net.IPv4(127, 0, 0, 1), nil
		}
		return nil, fmt.Errorf("lookup %s: no such host", host)
	}))
	r.state = &lib.State{
		Dialer: r.dialer, Samples: r.samples, Tags: lib.NewVUStateTags(registry.RootTagSet()),
		Logger: r.runtime.VU.InitEnv().Logger, TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12},
	}
	tuple, err := lib.NewExecutionTuple(nil, nil)
	require.NoError(t, err)
	r.clock = lib.NewExecutionState(&lib.TestRunState{}, tuple, 1, 1)
	r.clock.MarkStarted()
	var ctx context.Context
	ctx, r.cancel = context.WithCancel(lib.WithExecutionState(context.Background(), r.clock))
	t.Cleanup(r.cancel)
	r.runtime.VU.CtxField = ctx
	r.runtime.MoveToVUContext(r.state)
	return r
}

type resolverFunc func(string) (net.IP, error)

func (f resolverFunc) LookupIP(host string) (net.IP, error) { return f(host) }

// iteration runs an async function body as k6 runs an iteration: until nothing is registered with the
// event loop, then the context ends and what is left is waited for.
func (r *rig) iteration(script string) error {
	r.t.Helper()
	ended := make(chan error, 1)
	go func() {
		err := r.runtime.EventLoop.Start(func() error {
			_, err := r.runtime.VU.Runtime().RunString("(async () => {\n" + script + "\n})()")
			return err
		})
		r.cancel()
		r.runtime.EventLoop.WaitOnRegistered()
		ended <- err
	}()
	select {
	case err := <-ended:
		return err
	case <-time.After(hangs):
		stacks := make([]byte, 1<<20)
		r.t.Fatalf("iteration hangs; log: %q\n%s", r.log, stacks[:runtime.Stack(stacks, true)])
		return nil
	}
}

// next is the VU's next iteration: the one before has ended with its context.
func (r *rig) next(script string, args ...any) []string {
	r.t.Helper()
	var ctx context.Context
	ctx, r.cancel = context.WithCancel(lib.WithExecutionState(context.Background(), r.clock))
	r.runtime.VU.CtxField = ctx
	r.log = nil
	return r.run(script, args...)
}

// run is an iteration that must succeed; returns what it logged.
func (r *rig) run(script string, args ...any) []string {
	r.t.Helper()
	require.NoError(r.t, r.iteration(fmt.Sprintf(script, args...)))
	return r.log
}

// samplesOf empties the sample channel, by metric.
func (r *rig) samplesOf() map[string][]metrics.Sample {
	found := map[string][]metrics.Sample{}
	for {
		select {
		case container := <-r.samples:
			for _, sample := range container.GetSamples() {
				found[sample.Metric.Name] = append(found[sample.Metric.Name], sample)
			}
		default:
			return found
		}
	}
}

// socket is the Go side of a global variable of the script.
func (r *rig) socket(name string) *socket {
	return r.module.socketOf(r.runtime.VU.Runtime().GlobalObject().Get(name))
}

// requireNoGoroutines fails when a goroutine of a socket outlives its iteration.
func requireNoGoroutines(t *testing.T) {
	t.Helper()
	var left string
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		stacks := make([]byte, 4<<20)
		left = ""
		for stack := range strings.SplitSeq(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
			if strings.Contains(stack, "tcp.(*socket)") || strings.Contains(stack, "tcp.resolve") ||
				strings.Contains(stack, "tcp.closeConn") {
				left = stack
			}
		}
		if left == "" {
			return
		}
	}
	t.Errorf("goroutine left behind:\n%s", left)
}

// serve runs handle for each connection; returns the port.
func serve(t *testing.T, handle func(*net.TCPConn)) int {
	t.Helper()
	return serveOn(t, nil, func(conn net.Conn) { handle(conn.(*net.TCPConn)) })
}

func serveOn(t *testing.T, config *tls.Config, handle func(net.Conn)) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := listener.Addr().(*net.TCPAddr).Port
	if config != nil {
		listener = tls.NewListener(listener, config)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				handle(conn)
			}()
		}
	}()
	return port
}

func echo(conn *net.TCPConn) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := conn.Read(buffer)
		if err != nil {
			return
		}
		if _, err := conn.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// untilClosed keeps a connection open until the peer closes it.
func untilClosed(conn net.Conn) {
	for buffer := make([]byte, 4096); ; {
		if _, err := conn.Read(buffer); err != nil {
			return
		}
	}
}

// closedPort is one that nobody listens on.
func closedPort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return listener.Addr().(*net.TCPAddr).Port
}

func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(hangs); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for: %s", what)
		}
	}
}

// dialerFunc stands in for k6's dialer where a connection must behave in a way no server can.
type dialerFunc func(context.Context) (net.Conn, error)

func (f dialerFunc) DialContext(ctx context.Context, _, _ string) (net.Conn, error) { return f(ctx) }

var errTest = errors.New("from a test")

func jsValue(t *testing.T, rt *sobek.Runtime, script string) any {
	t.Helper()
	value, err := rt.RunString(script)
	require.NoError(t, err)
	return value.Export()
}
