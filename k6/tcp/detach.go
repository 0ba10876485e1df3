package tcp

import (
	"context"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/metrics"
)

// detach() ends the socket's part in this iteration and leaves the connection open, for attach() in a
// later one of the same VU, as k6/http does with its connections. It is false, and destroying the
// socket is left to the script, where k6 was told to keep none (`noVUConnectionReuse`,
// `noConnectionReuse`), the connection is not open, or bytes wait to be delivered or written.
//
// A detached socket delivers nothing. Bytes that nobody asked for, or the end of the stream, close it.
func (s *socket) detach(sobek.FunctionCall) sobek.Value {
	s.mu.Lock()
	queued := s.hold == nil && !s.running // a function of ours, on its way to the main thread
	kept := s.state == stateOpen && !s.detached && !s.aborted && !queued && s.outgoing.unwritten == 0 &&
		!s.incoming.waiting() && s.scope.keepsConnections() &&
		s.unwatch() // false when the iteration is over and abort() on its way
	if !kept {
		s.mu.Unlock()
		return s.rt.ToValue(false)
	}
	s.detached, s.unwatch = true, nil
	hold, reads := s.hold, s.reads
	s.hold, s.reads = nil, 0
	s.mu.Unlock()
	s.scope.pushReads(s.module.metrics, s.tags, reads)
	if hold != nil {
		hold(func() error { return nil })
	}
	return s.rt.ToValue(true)
}

// attach() takes a detached socket up in the iteration that runs; false when its connection is gone.
func (s *socket) attach(sobek.FunctionCall) sobek.Value {
	return s.rt.ToValue(s.attachNow())
}

func (s *socket) attachNow() bool {
	s.mu.Lock()
	if !s.detached {
		s.mu.Unlock()
		return false
	}
	s.detached = false
	s.scope = scopeOf(s.vu)
	s.tags = s.scope.tags(s.options, s.target)
	if s.ip != "" {
		s.tags = s.tags.With("ip", s.ip)
	}
	if s.state == stateOpen {
		s.unwatch = context.AfterFunc(s.scope.ctx, s.abort)
		if !s.running {
			s.hold = s.vu.RegisterCallback()
		}
		s.mu.Unlock()
		return true
	}
	s.finishLocked()
	s.mu.Unlock()
	// It was closed between two iterations, when there was none that a sample could belong to.
	s.scope.push(s.module.metrics.duration, s.tags, metrics.D(s.closedAt.Sub(s.openedAt)))
	return false
}

// keepsConnections tells what k6's options say.
func (c scope) keepsConnections() bool {
	return !c.state.Options.NoVUConnectionReuse.Bool && !c.state.Options.NoConnectionReuse.Bool
}
