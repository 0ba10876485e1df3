// Package lookalike is a k6/x/tcp for tests: what scripts of this project see of the official module
// (v0.3.1), and nothing of the additions of package tcp. A read is an event with bytes that are valid in
// its handler only, there are no times, a connection ends with its iteration, and a failed read pushes a
// sample of tcp_errors without tags, on which k6's summary and most of its outputs crash.
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
	registry := vu.InitEnv().Registry
	return &module{vu: vu, failures: registry.MustNewMetric("tcp_errors", metrics.Counter)}
}

type module struct {
	vu       modules.VU
	failures *metrics.Metric
}

func (m *module) Exports() modules.Exports {
	return modules.Exports{Named: map[string]any{"Socket": m.construct}}
}

type socket struct {
	*module
	ctx      context.Context
	handlers map[string]sobek.Callable // main thread only

	mu    sync.Mutex
	state string
	conn  net.Conn
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
	s.mu.Lock()
	s.state, s.hold = "opening", s.vu.RegisterCallback()
	s.mu.Unlock()
	context.AfterFunc(s.ctx, s.abort)
	go func() {
		conn, err := s.dial(net.JoinHostPort(options.Host, strconv.Itoa(options.Port)), options.Host, options.TLS)
		if err != nil {
			s.emit("error", &TCPError{"TCPError", "connect", err.Error()})
			reject(&TCPError{"TCPError", "connect", err.Error()})
			s.destroy()
			return
		}
		s.mu.Lock()
		s.conn, s.state = conn, "open"
		s.mu.Unlock()
		s.emit("connect")
		go s.read(conn)
		resolve(nil)
	}()
	return promise
}

func (s *socket) dial(address, host string, secure bool) (net.Conn, error) {
	state := s.vu.State()
	ip, port, err := state.GetAddrResolver().ResolveAddr(address)
	if err != nil {
		return nil, err
	}
	conn, err := state.Dialer.DialContext(s.ctx, "tcp", net.JoinHostPort(ip.String(), strconv.Itoa(port)))
	if err != nil || !secure {
		return conn, err
	}
	config := state.TLSConfig.Clone()
	config.ServerName = host
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
			s.emitBytes(buffer[:n])
		}
		s.mu.Lock()
		open := s.state == "open"
		s.mu.Unlock()
		if !open || errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			// As the official module does it, but for its tags: there are none.
			metrics.PushIfNotDone(s.ctx, s.vu.State().Samples, metrics.Sample{
				TimeSeries: metrics.TimeSeries{Metric: s.failures}, Time: time.Now(), Value: 1,
			})
			s.emit("error", &TCPError{"TCPError", "read", err.Error()})
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
		if n, err := conn.Write([]byte(data)); err != nil {
			reject(fmt.Errorf("failed to write data after %d bytes: %w", n, err))
			return
		}
		resolve(sobek.Undefined())
	}()
	return promise
}

func (s *socket) destroy() {
	s.mu.Lock()
	conn, first := s.conn, s.state != "destroyed"
	s.conn, s.state = nil, "destroyed"
	s.mu.Unlock()
	if conn != nil {
		_ = conn.Close()
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

func (s *socket) enqueue(event func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return
	}
	s.queue = append(s.queue, event)
	s.scheduleLocked()
}

// release ends the socket's hold on the iteration once everything queued has been delivered.
func (s *socket) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	s.scheduleLocked()
}

func (s *socket) scheduleLocked() {
	if s.hold != nil {
		hold := s.hold
		s.hold = nil
		hold(s.deliver)
	}
}

func (s *socket) deliver() error {
	for {
		s.mu.Lock()
		if len(s.queue) == 0 {
			if !s.over {
				s.hold = s.vu.RegisterCallback()
			}
			s.mu.Unlock()
			return nil
		}
		event := s.queue[0]
		s.queue = s.queue[1:]
		s.mu.Unlock()
		if err := event(); err != nil {
			s.abort()
			return err
		}
	}
}
