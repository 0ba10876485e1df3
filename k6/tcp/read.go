package tcp

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// readSize is TLS's largest record, so that one read drains it.
const readSize = 16 << 10

var readBuffers = sync.Pool{New: func() any { return new([readSize]byte) }}

// readLoop runs until the connection ends. Nothing is logged, sampled or allocated per token.
func (s *socket) readLoop(conn net.Conn, clock runClock) {
	buffer := readBuffers.Get().(*[readSize]byte)
	defer readBuffers.Put(buffer)
	for {
		n, err := conn.Read(buffer[:])
		atMs := clock.now()
		if n > 0 && !s.received(buffer[:n], atMs) {
			return
		}
		if err != nil && !s.survives(err) {
			return
		}
		if s.timeout.Load() > 0 {
			s.mu.Lock()
			s.setDeadlineLocked()
			s.mu.Unlock()
		}
	}
}

// received queues one read; false when the socket is gone. Blocks while too much is pending.
func (s *socket) received(data []byte, atMs float64) bool {
	s.bytesRead.Add(int64(len(data)))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	for s.incoming.full() && s.state == stateOpen {
		s.space.Wait()
	}
	if s.state != stateOpen {
		return false
	}
	if s.detached { // nobody asked for these bytes; nothing is pushed for a detached one, so the lock may be held
		s.shutLocked()()
		return false
	}
	first := len(s.incoming.data) == 0
	s.incoming.add(data, atMs)
	if coalesce := s.options.coalesce; coalesce != nil {
		whole := coalesce.untilAnswer && s.incoming.answers.ended(data)
		if whole || s.incoming.waited(coalesce.maxDelay) {
			s.incoming.flush = true
		} else if first {
			s.startTimerLocked(coalesce.maxDelay)
		}
	}
	s.scheduleLocked()
	return true
}

func (s *socket) startTimerLocked(delay time.Duration) {
	if s.incoming.timer == nil {
		s.incoming.timer = time.AfterFunc(delay, s.delayOver)
		return
	}
	s.incoming.timer.Reset(delay)
}

// delayOver may come late, when its data was delivered for another reason: then it finds nothing, or
// delivers the next data early, which costs one call and changes no figure.
func (s *socket) delayOver() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.incoming.data) > 0 {
		s.incoming.flush = true
		s.scheduleLocked()
	}
}

// survives handles the end of a read: true after an idle timeout, which leaves the connection open.
func (s *socket) survives(err error) bool {
	var netErr net.Error
	isTimeout := errors.As(err, &netErr) && netErr.Timeout()
	s.mu.Lock()
	if s.state != stateOpen {
		s.mu.Unlock()
		return false
	}
	if isTimeout && (s.timeout.Load() == 0 || s.detached) { // switched off meanwhile, or of no iteration
		s.setDeadlineLocked()
		s.mu.Unlock()
		return true
	}
	if isTimeout {
		s.incoming.timedOut = true
		scope, tags := s.scope, s.tags
		s.scheduleLocked()
		s.mu.Unlock()
		scope.push(s.module.metrics.timeouts, tags, 1)
		return true
	}
	if !errors.Is(err, io.EOF) {
		s.incoming.failure = newTCPError("read", err)
	}
	s.incoming.closing = true
	release := s.shutLocked()
	s.scheduleLocked()
	s.mu.Unlock()
	release()
	return false
}
