package tcp

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/modules"
	"go.k6.io/k6/v2/metrics"
)

type state string

const (
	stateDisconnected state = "disconnected"
	stateOpening      state = "opening"
	stateOpen         state = "open"
	stateDestroyed    state = "destroyed"
)

// endpoint holds strings and numbers, or nil for "no value".
type endpoint struct{ localIP, localPort, remoteIP, remotePort any }

// socket is one JavaScript Socket. Network work happens on goroutines; handlers run on the VU's main
// thread only, by way of `hold`, one callback registered with k6's event loop:
//
//   - hold != nil: the event loop waits for us, nothing is due. Whoever has something due calls it.
//   - hold == nil: a function of ours (deliver, connected, connectFailed) is queued or running on the
//     main thread, and registers the next hold on its way out; or the socket is not connected.
//
// A registered callback may be called once only, so it is taken and cleared under the lock, and none
// is registered any more when the close was delivered or the iteration is over.
type socket struct {
	module  *module
	vu      modules.VU
	rt      *sobek.Runtime
	this    *sobek.Object
	options socketOptions

	bytesRead, bytesWritten atomic.Int64
	timeout                 atomic.Int64 // time.Duration; 0 is none

	// Main thread only.
	handlers map[string]sobek.Callable
	dropped  bool  // the script called destroy(): nothing but 'close' is delivered any more
	running  bool  // a function of ours is on the main thread, and its rearm registers the next hold
	handled  batch // what the data handler was called with, while it runs; for repeats()

	mu         sync.Mutex
	space      sync.Cond // pending was taken, or the socket was shut
	state      state
	conn       net.Conn
	ends       endpoint
	scope      scope
	target     connectOptions
	ip         string
	tags       *metrics.TagSet // of the connection
	openedAt   time.Time
	closedAt   time.Time
	reads      int64
	cancelDial context.CancelFunc
	unwatch    func() bool // stops watching the iteration's context
	hold       func(func() error)
	detached   bool // open, and part of no iteration
	aborted    bool // the iteration is over: no handler runs any more
	finished   bool // close delivered or aborted, nothing registered
	incoming   incoming
	outgoing   outgoing
}

func newSocket(m *module, this *sobek.Object, options socketOptions) *socket {
	s := &socket{
		module: m, vu: m.vu, rt: m.vu.Runtime(), this: this, options: options,
		handlers: make(map[string]sobek.Callable, 5), state: stateDisconnected,
	}
	s.space.L = &s.mu
	return s
}

func (s *socket) readyState() state {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

func (s *socket) endpoint() endpoint {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn == nil {
		u := sobek.Undefined()
		return endpoint{u, u, u, u}
	}
	return s.ends
}

// setTimeout(ms): 'timeout' is emitted after each ms without a read; the connection stays open.
func (s *socket) setTimeout(call sobek.FunctionCall) sobek.Value {
	timeout := delayOf(call.Argument(0))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.timeout.Store(int64(timeout))
	s.setDeadlineLocked()
	return s.this
}

// setDeadlineLocked also ends a wait that is under way when setTimeout was called during it.
func (s *socket) setDeadlineLocked() {
	if s.conn == nil {
		return
	}
	deadline := time.Time{}
	if timeout := time.Duration(s.timeout.Load()); timeout > 0 {
		deadline = time.Now().Add(timeout)
	}
	// An error means that the connection is closed, which the read loop sees by itself.
	_ = s.conn.SetReadDeadline(deadline)
}

// destroy closes the socket from the script: undelivered data is dropped, 'close' follows.
func (s *socket) destroy(sobek.FunctionCall) sobek.Value {
	s.dropped = true
	s.attachNow() // 'close' and the samples are part of an iteration
	s.mu.Lock()
	if s.finished {
		s.mu.Unlock()
		return sobek.Undefined()
	}
	if s.state == stateDisconnected && s.vu.State() != nil {
		s.hold = s.vu.RegisterCallback()
	}
	release := s.shutLocked()
	s.incoming.closing = true
	s.scheduleLocked()
	s.mu.Unlock()
	release()
	return sobek.Undefined()
}

// abort runs when the iteration is over, however it ended: frees everything, delivers nothing.
func (s *socket) abort() {
	s.mu.Lock()
	s.aborted = true
	release := s.shutLocked()
	hold := s.hold
	s.hold = nil
	if hold != nil {
		s.finishLocked()
	}
	s.mu.Unlock()
	release()
	if hold != nil {
		hold(func() error { return nil })
	}
}

// shutLocked moves to destroyed. What it returns is to be called without the lock.
func (s *socket) shutLocked() (release func()) {
	conn, reads, scope, tags, detached := s.conn, s.reads, s.scope, s.tags, s.detached
	s.conn, s.state, s.closedAt = nil, stateDestroyed, time.Now()
	if s.cancelDial != nil {
		s.cancelDial()
	}
	s.incoming.stopTimer()
	s.space.Broadcast()
	if conn == nil {
		return func() {}
	}
	duration := metrics.D(s.closedAt.Sub(s.openedAt))
	return func() {
		closeConn(conn)
		if detached { // attach() tells of it
			return
		}
		scope.push(s.module.metrics.duration, tags, duration)
		scope.pushReads(s.module.metrics, tags, reads)
	}
}

// closeConn does not block: closing TLS writes a close_notify, which a peer that reads nothing
// may hold up for up to 5 s.
func closeConn(conn net.Conn) {
	if _, ok := conn.(*tls.Conn); ok {
		go func() { _ = conn.Close() }()
		return
	}
	_ = conn.Close()
}

// rearm ends every function that ran on the main thread in place of a hold.
func (s *socket) rearm(closeDelivered bool) {
	s.running = false
	s.mu.Lock()
	defer s.mu.Unlock()
	if closeDelivered || s.aborted {
		s.finishLocked()
		return
	}
	if s.detached { // attach() registers the next one
		return
	}
	s.hold = s.vu.RegisterCallback()
	s.scheduleLocked()
}

// finishLocked lets go of what outlives a socket that the script still refers to.
func (s *socket) finishLocked() {
	s.finished = true
	s.incoming.free()
	if s.unwatch != nil {
		s.unwatch()
		s.unwatch = nil
	}
}
