package tcp

import (
	"fmt"
	"net"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/promises"
	"go.k6.io/k6/v2/metrics"
)

// outgoing is the queue of writes: several at a time go out whole and in the order of the calls.
type outgoing struct {
	queue     []writeJob
	unwritten int  // jobs whose bytes the connection has not taken yet
	running   bool // the loop has work, or is on its way to see that it has none
}

// writeJob carries its iteration: the loop may outlive it by an instant, on a detached socket.
type writeJob struct {
	data            []byte
	scope           scope
	tags            *metrics.TagSet
	resolve, reject func(any)
}

// write(data, {encoding, tags}): a promise of the time (ms, the run's clock) at which the last byte
// was handed to the connection; of undefined where k6 has no such clock.
func (s *socket) write(call sobek.FunctionCall) sobek.Value {
	if s.vu.State() == nil {
		s.module.must(errInitContext)
	}
	data, extra, err := parseWrite(s.rt, call.Argument(0), call.Argument(1))
	if err != nil {
		return s.refuseWrite(err)
	}
	promise, resolve, reject := promises.New(s.vu)
	s.mu.Lock()
	if s.state == stateOpen && !s.detached {
		tags := s.tags.WithTagsFromMap(extra)
		s.outgoing.queue = append(s.outgoing.queue, writeJob{data, s.scope, tags, resolve, reject})
		s.outgoing.unwritten++
		s.incoming.answers.asked(data)
		if !s.outgoing.running {
			s.outgoing.running = true
			go s.writeLoop(s.conn)
		}
		s.mu.Unlock()
		return s.rt.ToValue(promise)
	}
	err = errNoConnection
	if s.state == stateDestroyed {
		err = fmt.Errorf("%w: %w", errNoConnection, errDestroyed)
		if failure := s.incoming.failure; failure != nil { // the read that failed has not been told yet
			err = fmt.Errorf("%w: %w", errNoConnection, failure)
		}
	}
	s.mu.Unlock()
	reject(newTCPError("write", err))
	return s.rt.ToValue(promise)
}

// refuseWrite reports arguments that cannot be written, by event and by promise as connect does.
func (s *socket) refuseWrite(err error) sobek.Value {
	promise, _, reject := s.rt.NewPromise()
	state, failure := s.vu.State(), newTCPError("write", err)
	current := scope{ctx: s.vu.Context(), state: state}
	tags := state.Tags.GetCurrentValues().Tags
	s.vu.RegisterCallback()(func() error {
		thrown := s.emitError(failure, current, tags)
		return firstError(thrown, reject(s.rt.ToValue(failure)))
	})
	return s.rt.ToValue(promise)
}

// writeLoop lives while there is something to write.
func (s *socket) writeLoop(conn net.Conn) {
	for {
		s.mu.Lock()
		if len(s.outgoing.queue) == 0 {
			s.outgoing = outgoing{}
			s.mu.Unlock()
			return
		}
		job := s.outgoing.queue[0]
		s.outgoing.queue = s.outgoing.queue[1:]
		s.mu.Unlock()
		s.writeOne(conn, job)
	}
}

func (s *socket) writeOne(conn net.Conn, job writeJob) {
	scope, n, err := job.scope, 0, error(nil)
	// Taken before the call that hands the bytes over: behind it the goroutine may first have to wait
	// for a processor, and on a busy machine a fast answer would seem to come before its request.
	atMs := scope.clock.now()
	if len(job.data) > 0 { // an empty write would send an empty TLS record
		n, err = conn.Write(job.data)
	}
	s.bytesWritten.Add(int64(n))
	s.mu.Lock() // before the script hears of it, and may detach the socket
	s.outgoing.unwritten--
	s.mu.Unlock()
	scope.push(s.module.metrics.writes, job.tags, 1)
	if err != nil {
		if n > 0 && n < len(job.data) {
			scope.push(s.module.metrics.partialWrites, job.tags, 1)
		}
		scope.push(s.module.metrics.failures, job.tags, 1)
		job.reject(newTCPError("write", fmt.Errorf("after %d of %d bytes: %w", n, len(job.data), err)))
		return
	}
	if scope.clock.runs() {
		job.resolve(atMs)
		return
	}
	job.resolve(sobek.Undefined())
}
