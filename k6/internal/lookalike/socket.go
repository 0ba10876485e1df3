// Package lookalike is a k6/x/tcp for tests: what scripts of this project see of the official module
// (v0.3.0, which k6 fetches by itself, and v0.3.1: the code of their sockets is the same), and nothing of the
// additions of package tcp. A read is an event with bytes that are valid in
// its handler only, there are no times, a connection ends with its iteration, a failure is logged as an
// error, and a failed read pushes a sample of tcp_errors without tags, on which k6's summary and most of its
// outputs crash.
package lookalike

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/js/modules"
	"go.k6.io/k6/v2/js/promises"
	"go.k6.io/k6/v2/metrics"
)

func init() { modules.Register("k6/x/tcp", root{}) }

// readSize is the official module's.
const readSize = 4096

type root struct{}

func (root) NewModuleInstance(vu modules.VU) modules.Instance {
	log := vu.InitEnv().Logger.WithField("module", "tcp")
	logError := func(err error, message string) { log.WithField("error", err).Error(message) }
	return &module{vu: vu, logError: logError, metrics: newMetrics(vu)}
}

type module struct {
	vu       modules.VU
	logError func(err error, message string)
	metrics  *moduleMetrics
}

func (m *module) Exports() modules.Exports {
	return modules.Exports{Named: map[string]any{"Socket": m.construct}}
}

type socket struct {
	*module
	ctx      context.Context
	tags     map[string]string
	host     string
	port     int
	handlers map[string]sobek.Callable // main thread only

	mu    sync.Mutex
	state string
	conn  net.Conn
	since time.Time
	queue []func() error // events on their way to the main thread
	hold  func(func() error)
	over  bool // 'close' was queued, or the iteration is over
}

// TCPError is what a script gets for a failure.
type TCPError struct{ Name, Method, Message string }

func (m *module) construct(call sobek.ConstructorCall) *sobek.Object {
	s := &socket{
		module: m, ctx: m.vu.Context(), handlers: map[string]sobek.Callable{}, state: "disconnected",
	}
	rt := m.vu.Runtime()
	var options struct{ Tags map[string]string }
	if len(call.Arguments) > 0 {
		if err := rt.ExportTo(call.Arguments[0], &options); err != nil {
			common.Throw(rt, err)
		}
	}
	s.tags = options.Tags
	for name, method := range map[string]any{
		"on": s.on, "connect": s.connect, "write": s.write, "destroy": s.destroy, "setTimeout": func(int64) {},
	} {
		if err := call.This.Set(name, method); err != nil {
			common.Throw(rt, err)
		}
	}
	state := rt.ToValue(func() string {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.state
	})
	err := call.This.DefineAccessorProperty("ready_state", state, nil, sobek.FLAG_FALSE, sobek.FLAG_FALSE)
	if err != nil {
		common.Throw(rt, err)
	}
	return nil
}

func (s *socket) on(event string, handler sobek.Callable) { s.handlers[event] = handler }

func (s *socket) connect(options struct {
	Port int
	Host string
	TLS  bool `js:"tls"`
},
) *sobek.Promise {
	promise, resolve, reject := promises.New(s.vu)
	s.host, s.port = options.Host, options.Port
	s.mu.Lock()
	s.state, s.hold = "opening", s.vu.RegisterCallback()
	s.mu.Unlock()
	context.AfterFunc(s.ctx, s.abort)
	go func() {
		conn, err := s.dial(options.TLS)
		if err != nil {
			// The socket stays until the script destroys it, and so does the iteration.
			s.mu.Lock()
			s.state = "disconnected"
			s.mu.Unlock()
			failure := s.failed(err, "connect", s.allTags())
			reject(failure)
			return
		}
		s.mu.Lock()
		s.conn, s.state, s.since = conn, "open", time.Now()
		s.mu.Unlock()
		s.emit("connect")
		go s.read(conn)
		s.push(s.metrics.sockets, 1, s.allTags())
		resolve(nil)
	}()
	return promise
}

// failed logs, counts and emits a failure.
func (s *socket) failed(err error, method string, tags *metrics.TagSet) *TCPError {
	s.logError(err, "Handling TCP error")
	s.push(s.metrics.errors, 1, tags)
	failure := &TCPError{"TCPError", method, err.Error()}
	s.emit("error", failure)
	return failure
}

func (s *socket) dial(secure bool) (net.Conn, error) {
	state := s.vu.State()
	began := time.Now()
	ip, port, err := state.GetAddrResolver().ResolveAddr(net.JoinHostPort(s.host, strconv.Itoa(s.port)))
	s.timed(s.metrics.resolving, began)
	if err != nil {
		return nil, err
	}
	began = time.Now()
	defer func() { s.timed(s.metrics.connecting, began) }()
	conn, err := state.Dialer.DialContext(s.ctx, "tcp", net.JoinHostPort(ip.String(), strconv.Itoa(port)))
	if err != nil || !secure {
		return conn, err
	}
	config := state.TLSConfig.Clone()
	if config.ServerName == "" {
		config.ServerName = s.host
	}
	config.NextProtos = []string{"http/1.1"}
	wrapped := tls.Client(conn, config)
	if err := wrapped.HandshakeContext(s.ctx); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("TLS handshake failed: %w", err)
	}
	return wrapped, nil
}

func (s *socket) read(conn net.Conn) {
	defer s.destroy()
	for {
		buffer := make([]byte, readSize)
		n, err := conn.Read(buffer)
		if n > 0 {
			s.push(s.metrics.reads, 1, s.currentTags())
			s.emitBytes(buffer[:n])
		}
		s.mu.Lock()
		open := s.state == "open"
		s.mu.Unlock()
		if !open || errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			// The official module's fault: no tags.
			s.failed(err, "read", nil)
			return
		}
	}
}

func (s *socket) write(data string) *sobek.Promise {
	promise, resolve, reject := promises.New(s.vu)
	s.mu.Lock()
	conn := s.conn
	s.mu.Unlock()
	go func() {
		if conn == nil {
			reject(errors.New("no active connection"))
			return
		}
		n, err := conn.Write([]byte(data))
		s.push(s.metrics.writes, 1, s.currentTags())
		if err != nil {
			s.logError(err, "TCP write failed")
			reject(fmt.Errorf("failed to write data after %d bytes: %w", n, err))
			return
		}
		resolve(sobek.Undefined())
	}()
	return promise
}

func (s *socket) destroy() {
	s.mu.Lock()
	conn, first, since := s.conn, s.state != "destroyed", s.since
	s.conn, s.state = nil, "destroyed"
	s.mu.Unlock()
	if conn != nil {
		_ = conn.Close()
		s.timed(s.metrics.duration, since)
	}
	if first {
		s.emit("close")
		s.release()
	}
}

// abort runs when the iteration is over: nothing is delivered any more.
func (s *socket) abort() {
	s.mu.Lock()
	conn := s.conn
	s.conn, s.state, s.queue = nil, "destroyed", nil
	s.mu.Unlock()
	if conn != nil {
		_ = conn.Close()
	}
	s.release()
}

// emitBytes overwrites the bytes behind the handler: the official module gives its buffer to the next read.
func (s *socket) emitBytes(data []byte) {
	s.enqueue(func() error {
		defer clear(data)
		return s.call("data", s.vu.Runtime().ToValue(data))
	})
}

func (s *socket) emit(event string, args ...any) {
	s.enqueue(func() error {
		values := make([]sobek.Value, len(args))
		for i, arg := range args {
			values[i] = s.vu.Runtime().ToValue(arg)
		}
		return s.call(event, values...)
	})
}

func (s *socket) call(event string, args ...sobek.Value) error {
	handler := s.handlers[event]
	if handler == nil {
		return nil
	}
	_, err := handler(sobek.Undefined(), args...)
	return err
}
